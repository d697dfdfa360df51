import { devNull } from 'node:os';

/**
 * Takes the machine's AWS settings out of `env`: keys, profiles, Regions, endpoints, and the files and servers that the SDK
 * would ask for them. A local run passes all of these explicitly; this is the second lock on the same door, for a client that is
 * one day made without them.
 */
export function shieldEnvironment(env: Record<string, string | undefined>): void {
  for (const name of Object.keys(env)) if (name.toUpperCase().startsWith('AWS_')) delete env[name];
  env['AWS_CONFIG_FILE'] = devNull;
  env['AWS_SHARED_CREDENTIALS_FILE'] = devNull;
  env['AWS_EC2_METADATA_DISABLED'] = 'true';
  // Which Node a function runs on is the deployment's business; here the remark would only stand between our lines.
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
