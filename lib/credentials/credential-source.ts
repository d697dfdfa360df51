import type { ProfileFiles } from './profile-files.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the process runs, as far as its environment shows. */
export type Place = 'lambda' | 'eks' | 'ecs' | 'elsewhere';

/** Where our own credentials come from. */
export type CredentialSource =
  | {
      readonly kind: 'profile';
      readonly profile: string;
      readonly roleArn?: string;
      /** Of the container that it starts from. */
      readonly url?: string;
      readonly tokenFile?: string;
    }
  | { readonly kind: 'environment' }
  | { readonly kind: 'web-identity'; readonly roleArn: string; readonly tokenFile: string }
  | { readonly kind: 'container'; readonly url: string; readonly tokenFile?: string }
  | { readonly kind: 'instance' };

/** The address that a task's credentials are at: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
const ECS_HOST = 'http://169.254.170.2';

export function placeOf(env: Env): Place {
  if (env['AWS_LAMBDA_FUNCTION_NAME'] || env['AWS_LAMBDA_RUNTIME_API']) return 'lambda';
  if (env['KUBERNETES_SERVICE_HOST']) return 'eks';
  if (env['ECS_CONTAINER_METADATA_URI_V4'] || /^AWS_ECS_/.test(env['AWS_EXECUTION_ENV'] ?? '')) return 'ecs';
  return 'elsewhere';
}

/** The URL of the container's credentials; undefined where the environment names none. The relative one wins, as in the SDK. */
export function containerUrl(env: Env): string | undefined {
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  return relative ? `${ECS_HOST}${relative}` : env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] || undefined;
}

export const hasKeys = (env: Env): boolean => Boolean(env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY']);

/**
 * The one source that is used, in the order of the SDK's default chain: a profile that is named, keys, the profile "default",
 * web identity, container, instance. Told apart here so that it can be said, and so that one that fails is not silently
 * followed by another: a process that was given a role must not end up with the node's.
 */
export function credentialSource(env: Env, { profiles }: Pick<ProfileFiles, 'profiles'>): CredentialSource {
  const profile = env['AWS_PROFILE'];
  const ofProfile = (name: string): CredentialSource => {
    const { role_arn: roleArn, credential_source: from } = profiles.get(name) ?? {};
    const container = from === 'EcsContainer' ? containerOf(env) : undefined;
    return { kind: 'profile', profile: name, ...(roleArn === undefined ? {} : { roleArn }), ...container };
  };
  if (profile) return ofProfile(profile);
  if (hasKeys(env)) return { kind: 'environment' };
  const usual = profiles.get('default');
  if (usual !== undefined && Object.keys(usual).some((name) => CREDENTIAL_SETTINGS.has(name))) return ofProfile('default');
  const roleArn = env['AWS_ROLE_ARN'];
  const tokenFile = env['AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (roleArn && tokenFile) return { kind: 'web-identity', roleArn, tokenFile };
  const container = containerOf(env);
  if (container !== undefined) return { kind: 'container', ...container };
  return { kind: 'instance' };
}

function containerOf(env: Env): { readonly url: string; readonly tokenFile?: string } | undefined {
  const url = containerUrl(env);
  const tokenFile = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  return url === undefined ? undefined : { url, ...(tokenFile ? { tokenFile } : {}) };
}

/** A profile with one of these says where credentials are; one with a Region alone does not. */
const CREDENTIAL_SETTINGS = new Set([
  'aws_access_key_id',
  'role_arn',
  'credential_source',
  'source_profile',
  'credential_process',
  'web_identity_token_file',
  'sso_session',
  'sso_start_url',
]);

/** The source in a few words. */
export function sayingSource(source: CredentialSource): string {
  switch (source.kind) {
    case 'profile':
      return `profile ${source.profile} of the shared files`;
    case 'environment':
      return 'keys in the environment';
    case 'web-identity':
      return `web identity: ${source.roleArn}, with the token in ${source.tokenFile}`;
    case 'container':
      return `the container's credentials at ${new URL(source.url).origin}`;
    case 'instance':
      return "the instance's metadata";
  }
}
