import { type Check, ok, wrong } from '../doctor/check.ts';
import { checkContainer } from './check-container.ts';
import { checkProfile } from './check-profile.ts';
import { checkWebIdentity } from './check-web-identity.ts';
import { type CredentialSource, credentialSource, hasKeys, placeOf, sayingSource } from './credential-source.ts';
import type { Outside } from './outside.ts';
import { type ProfileFiles, readProfileFiles } from './profile-files.ts';

const SOURCE = 'credential source';

/**
 * What can be told of our own credentials without asking anybody: which source is used, and every classic mistake with it, all
 * at once. The first check names the source.
 */
export function diagnose(outside: Outside): {
  readonly source: CredentialSource;
  readonly files: ProfileFiles;
  readonly checks: readonly Check[];
} {
  const { env } = outside;
  const files = readProfileFiles(env, outside.readText);
  const source = credentialSource(env, files);
  const place = placeOf(env);
  const checks: Check[] = [ok(SOURCE, `${sayingSource(source)[0]?.toUpperCase()}${sayingSource(source).slice(1)}.`)];
  for (const { variable, path, why } of files.unreadable)
    checks.push(
      wrong(
        'shared files',
        `${variable} is ${path}, which cannot be read: ${why}.`,
        'Mount the file there, readable by the user that this runs as.',
      ),
    );

  if (env['AWS_PROFILE'] && hasKeys(env) && place !== 'lambda')
    checks.push(
      wrong(
        SOURCE,
        'AWS_PROFILE and AWS_ACCESS_KEY_ID are both set: which of them wins differs between SDKs and their versions.',
        'Unset one of them. A profile that is to start from the keys says so: credential_source = Environment.',
      ),
    );
  if (hasHalf(env))
    checks.push(
      wrong(SOURCE, 'Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one is set alone: no SDK takes it.', 'Set both, or neither.'),
    );
  if (env['AWS_WEB_IDENTITY_TOKEN_FILE'] && source.kind !== 'web-identity' && env['AWS_ROLE_ARN'])
    checks.push(
      wrong(
        SOURCE,
        `The service account's web identity (${env['AWS_ROLE_ARN']}) is there and is not used, since the SDK takes this first: ${sayingSource(source)}.`,
        source.kind === 'profile'
          ? 'Unset AWS_PROFILE, or take the profile "default" out of the shared files.'
          : 'Unset AWS_ACCESS_KEY_ID.',
      ),
    );

  checks.push(...checkWebIdentity(outside, source), ...checkContainer(outside, source));
  if (source.kind === 'profile') checks.push(...checkProfile(outside, files, source.profile, place));
  if (source.kind === 'instance' && place !== 'elsewhere') checks.push(nothingGiven(place));
  return { source, files, checks };
}

const hasHalf = (env: Outside['env']) => Boolean(env['AWS_ACCESS_KEY_ID']) !== Boolean(env['AWS_SECRET_ACCESS_KEY']);

/** In a pod or a task the instance's credentials are the node's: those of whatever else runs there, too. */
function nothingGiven(place: 'lambda' | 'eks' | 'ecs'): Check {
  if (place === 'eks')
    return wrong(
      SOURCE,
      "No credentials were given to this pod: what is left is the node's role, which every pod of the node shares.",
      'Annotate the service account with eks.amazonaws.com/role-arn (or make a Pod Identity association), and start the pod anew: variables are set when a pod is made.',
    );
  if (place === 'ecs')
    return wrong(
      SOURCE,
      "No credentials were given to this task: what is left is the instance's role, or nothing.",
      'Name a taskRoleArn in the task definition; the execution role is for the agent and gives the container nothing.',
    );
  return wrong(SOURCE, 'The function has no keys in its environment.', 'Lambda sets them from the execution role: do not unset them.');
}
