import { type Check, ok, wrong } from '../doctor/check.ts';
import { ROLE_ARN } from './check-web-identity.ts';
import { containerUrl, hasKeys, type Place } from './credential-source.ts';
import { note, type Outside } from './outside.ts';
import type { Profile, ProfileFiles } from './profile-files.ts';

const SOURCES = ['EcsContainer', 'Environment', 'Ec2InstanceMetadata'] as const;
/** A role that is assumed with a role's session gives an hour at most: longer is an error at STS. */
export const CHAINED_SECONDS = 3_600;

/** What is wrong with a profile that assumes a role, in the place where it is used. */
export function checkProfile({ env }: Outside, files: ProfileFiles, name: string, place: Place): readonly Check[] {
  const profile = files.profiles.get(name);
  const check = `profile ${name}`;
  if (profile === undefined) {
    const known = [...files.profiles.keys()];
    const there = known.length > 0 ? `; there are ${known.join(', ')}` : '';
    return [
      wrong(
        check,
        `There is no profile ${name} in ${files.paths.join(' or ') || 'any file: neither HOME nor AWS_CONFIG_FILE is set'}${there}.`,
        `In the config file its section is [profile ${name}], in the credentials file [${name}]; HOME is that of the user the container runs as.`,
      ),
    ];
  }
  const checks: Check[] = [];
  const { credential_source: source, source_profile: from, role_arn: roleArn } = profile;
  if (source !== undefined && from !== undefined)
    checks.push(
      wrong(
        check,
        `It has source_profile = ${from} and credential_source = ${source}: a role is assumed from one of them, and the SDK takes neither.`,
        place === 'elsewhere'
          ? 'Delete one of the two lines.'
          : `Delete source_profile: here the credentials are ${RIGHT_SOURCE[place]}'s.`,
      ),
    );
  else if (source !== undefined) checks.push(...sourceFits(env, check, source, place));
  else if (from !== undefined && !files.profiles.has(from))
    checks.push(wrong(check, `Its source_profile ${from} is in no file.`, 'Add the section, or name another.'));
  else if (from === undefined && roleArn !== undefined && profile['web_identity_token_file'] === undefined)
    checks.push(
      wrong(
        check,
        'It has a role_arn and nothing to assume it from.',
        `Add credential_source = ${place === 'elsewhere' ? 'Environment' : RIGHT_SOURCE[place]}.`,
      ),
    );
  checks.push(...checkRole(check, profile, env['SLUICE_ACCOUNT_ID']));
  return checks.some(({ result }) => result === 'wrong')
    ? checks
    : [
        ok(
          check,
          `${roleArn === undefined ? 'Credentials of its own' : `Assumes ${roleArn}`}${source === undefined ? '' : ` from ${source}`}.`,
        ),
        ...checks,
      ];
}

const RIGHT_SOURCE: Readonly<Record<Exclude<Place, 'elsewhere'>, string>> = {
  lambda: 'Environment',
  ecs: 'EcsContainer',
  eks: 'EcsContainer',
};

/** A source that this place does not have is the commonest mistake: the file came from somewhere else. */
function sourceFits(env: Outside['env'], check: string, source: string, place: Place): readonly Check[] {
  const given = SOURCES.find((one) => one === source);
  if (given === undefined)
    return [
      wrong(check, `credential_source is ${source}, which does not exist: letter case matters.`, `It is one of ${SOURCES.join(', ')}.`),
    ];
  if (given === 'EcsContainer' && containerUrl(env) === undefined) {
    const mend =
      place === 'lambda'
        ? 'A function has its keys in its environment: credential_source = Environment.'
        : place === 'eks'
          ? 'A pod has them with Pod Identity alone; with IRSA drop the profile, or give it web_identity_token_file.'
          : place === 'ecs'
            ? 'The task definition names no taskRoleArn: give it one.'
            : 'On an instance it is Ec2InstanceMetadata; with keys in the environment, Environment.';
    return [
      wrong(
        check,
        'credential_source is EcsContainer, and no container gives credentials here: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and …_FULL_URI are not set.',
        mend,
      ),
    ];
  }
  if (given === 'Environment' && !hasKeys(env))
    return [
      wrong(
        check,
        'credential_source is Environment, and AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY are not set.',
        containerUrl(env) === undefined
          ? 'Set them, or take the source that this place has.'
          : 'A task or pod has them from its agent: credential_source = EcsContainer.',
      ),
    ];
  if (given === 'Ec2InstanceMetadata' && place !== 'elsewhere')
    return [
      wrong(
        check,
        `credential_source is Ec2InstanceMetadata, which in ${PLACES[place]} is another's role or none.`,
        `Here it is credential_source = ${RIGHT_SOURCE[place]}.`,
      ),
    ];
  return [];
}

const PLACES: Readonly<Record<Exclude<Place, 'elsewhere'>, string>> = { lambda: 'a function', ecs: 'a task', eks: 'a pod' };

function checkRole(check: string, profile: Profile, ownAccount: string | undefined): readonly Check[] {
  const { role_arn: roleArn, external_id: externalId, duration_seconds: duration, mfa_serial: mfa } = profile;
  if (roleArn === undefined) return [];
  const checks: Check[] = [];
  if (!ROLE_ARN.test(roleArn))
    checks.push(
      wrong(
        check,
        `role_arn is ${JSON.stringify(roleArn)}, which is no ARN of a role.`,
        'It looks like arn:aws:iam::111122223333:role/sluice/prod/serve.',
      ),
    );
  const foreign = ownAccount !== undefined && roleArn.split(':')[4] !== ownAccount;
  if (externalId === undefined && foreign)
    checks.push(
      note(
        check,
        `It has no external_id, and ${roleArn} is in another account than SLUICE_ACCOUNT_ID: a role that asks for one will refuse it.`,
      ),
    );
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    checks.push(
      wrong(
        check,
        'external_id has characters that STS does not take, or is too short.',
        'It has 2 to 1,224 letters, digits and +=,.@:/-_; no quotes around it.',
      ),
    );
  const seconds = Number(duration ?? CHAINED_SECONDS);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200)
    checks.push(wrong(check, `duration_seconds is ${duration}.`, 'STS takes 900 to 43200 seconds.'));
  else if (seconds > CHAINED_SECONDS)
    checks.push(
      note(
        check,
        `duration_seconds is ${seconds}: a role that is assumed with a role's session lasts ${CHAINED_SECONDS} s at most, so that much is asked for; it is renewed in time.`,
      ),
    );
  if (mfa !== undefined)
    checks.push(
      wrong(check, 'mfa_serial is set, and nobody is there to type a code.', 'A service has a role that asks for none: take the line out.'),
    );
  return checks;
}
