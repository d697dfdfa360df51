import { readFileSync } from 'node:fs';
import { SignatureV4 } from '@smithy/signature-v4';
import { systemClock } from '../clock.ts';
import { diagnose } from '../credentials/diagnose.ts';
import { sessionName } from './session-name.ts';
import { Sha256 } from './sha256.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface ProfileKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** New ones are taken so long before the old ones end. */
const BEFORE_EXPIRY_MS = 5 * 60_000;
/** A function's own keys are a session's: a role that is assumed with them gives an hour at most. */
const CHAINED_SECONDS = 3_600;
const PATIENCE_MS = 2_000;

const held = new Map<string, Promise<ProfileKeys>>();

/**
 * The credentials of a profile with credential_source = Environment, in a function: its role is assumed with the function's own
 * keys. One request by hand, since this is a module beside each function's bundle and the SDK would be in it a second time. All
 * clients of a function share what it gives. Throws with everything that is wrong with the profile.
 */
export async function profileCredentials(profile: string, env: Env, now: () => number = systemClock.now): Promise<ProfileKeys> {
  const before = await held.get(profile)?.catch(() => undefined);
  if (before !== undefined && now() < before.expiration.getTime() - BEFORE_EXPIRY_MS) return before;
  const made = assume(profile, env, now());
  held.set(profile, made);
  return made;
}

async function assume(name: string, env: Env, now: number): Promise<ProfileKeys> {
  const { files, checks } = diagnose({ env, readText: (path) => readFileSync(path, 'utf8'), now });
  const problems = checks.flatMap(({ result, check, what, mend = '' }) => (result === 'wrong' ? [`${check}: ${what} ${mend}`.trim()] : []));
  const settings = files.profiles.get(name) ?? {};
  const { role_arn: roleArn, credential_source: source, external_id: externalId } = settings;
  if (problems.length === 0 && (roleArn === undefined || source !== 'Environment'))
    problems.push(`profile ${name}: In a function a profile has role_arn and credential_source = Environment, and this one has not.`);
  if (problems.length > 0) throw new Error(`AWS_PROFILE=${name} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);

  const region = settings['region'] ?? env['AWS_REGION'] ?? 'us-east-1';
  const url = new URL(
    env['AWS_ENDPOINT_URL_STS'] ??
      env['AWS_ENDPOINT_URL'] ??
      `https://sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
  );
  const seconds = Math.min(Number(settings['duration_seconds'] ?? CHAINED_SECONDS), CHAINED_SECONDS);
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn ?? '',
    RoleSessionName: settings['role_session_name'] ?? sessionName(env['SLUICE_DEPLOYMENT'] ?? 'sluice', 'function'),
    DurationSeconds: String(seconds),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  }).toString();
  const sessionToken = env['AWS_SESSION_TOKEN'];
  const credentials = {
    accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const signed = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: '/',
    query: {},
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  // fetch sets the host itself, and refuses to be told.
  const { host: _, ...headers } = signed.headers;
  const answer = await fetch(new URL('/', url), { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await answer.text();
  if (!answer.ok)
    throw named(element(text, 'Code') ?? 'UnknownError', `profile ${name}: ${element(text, 'Message') ?? `STS answered ${answer.status}`}`);
  const keys = ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'].map((part) => element(text, part));
  const [accessKeyId, secretAccessKey, token, expiration] = keys;
  if (!accessKeyId || !secretAccessKey || !token || !expiration)
    throw new Error(`profile ${name}: STS answered without complete credentials`);
  return { accessKeyId, secretAccessKey, sessionToken: token, expiration: new Date(expiration) };
}

/** By its name an error of AWS is told from one of ours. */
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of the one element of this name. */
function element(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text?.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, entity?: string) =>
    code === undefined ? (ENTITIES[entity ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
  );
}
