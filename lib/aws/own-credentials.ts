import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { Clock, Instant } from '../clock.ts';
import type { CredentialSource } from '../credentials/credential-source.ts';
import { containerFailure } from './container-failure.ts';

/** Keys in the shape that every client of the SDK takes. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
type ExpiringKeys = Keys & { readonly expiration?: Date };

export interface OwnCredentialsOptions {
  readonly source: CredentialSource;
  /** Of the STS that is asked. */
  readonly region: string;
  /** Under which our own session stands in CloudTrail, where the environment or the profile names none. */
  readonly sessionName: string;
  readonly clock: Clock;
  /** Of STS; absent: AWS's own, or what the SDK's variables say. */
  readonly endpoint?: string;
  /** How STS is reached; default: the SDK's own. */
  readonly requestHandler?: NonNullable<ConstructorParameters<typeof STSClient>[0]>['requestHandler'];
  /** Told when keys could not be renewed while the old ones still hold. */
  readonly onTrouble?: (why: string) => void;
}

/** New ones are taken so long before the old ones end; until these have ended, a failure to renew them harms nobody. */
const BEFORE_EXPIRY_MS = 5 * 60_000;
/** After a failure the endpoint is left in peace for so long. */
const AGAIN_AFTER_MS = 30_000;
/** A role that is assumed with a session, not with a user's keys, gives an hour at most; to ask for more is an error. */
const CHAINED_SECONDS = 3_600;

/**
 * Our own credentials as a process has them that is no function: by the SDK's providers, from the one source that was chosen,
 * and renewed by `clock`. A source that fails is not followed by another: what was given a role must not fall back to the
 * node's. Files are read and endpoints asked anew at each renewal, since tokens are rotated.
 */
export function ownCredentials(options: OwnCredentialsOptions): () => Promise<Keys> {
  const { clock } = options;
  let held: { readonly keys: ExpiringKeys; readonly renewAt: Instant } | undefined;
  let underWay: Promise<ExpiringKeys> | undefined;
  let quietUntil = 0;

  const stillGood = (keys: ExpiringKeys) => keys.expiration === undefined || keys.expiration.getTime() > clock.now();

  async function renew(): Promise<ExpiringKeys> {
    try {
      const keys = await fetchKeys(options);
      held = { keys, renewAt: keys.expiration === undefined ? Number.POSITIVE_INFINITY : keys.expiration.getTime() - BEFORE_EXPIRY_MS };
      return keys;
    } catch (error) {
      if (held === undefined || !stillGood(held.keys)) throw error;
      quietUntil = clock.now() + AGAIN_AFTER_MS;
      options.onTrouble?.(error instanceof Error ? error.message : String(error));
      return held.keys;
    }
  }

  return async () => {
    const now = clock.now();
    if (held !== undefined && (now < held.renewAt || (now < quietUntil && stillGood(held.keys)))) return answered(held.keys);
    underWay ??= renew().finally(() => {
      underWay = undefined;
    });
    return answered(await underWay);
  };
}

/** With an end that has passed the clients ask again for each request, so that nothing but `clock` decides how long keys are used. */
const answered = ({ accessKeyId, secretAccessKey, sessionToken }: ExpiringKeys) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
  expiration: new Date(0),
});

async function fetchKeys({ source, region, sessionName, endpoint, requestHandler }: OwnCredentialsOptions): Promise<ExpiringKeys> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const at = { region, ...(endpoint === undefined ? {} : { endpoint }), ...(requestHandler === undefined ? {} : { requestHandler }) };
  let assumed = false;
  const provider = defaultProvider({
    ignoreCache: true,
    ...(source.kind === 'profile' ? { profile: source.profile } : {}),
    ...(source.kind === 'web-identity' ? { roleArn: source.roleArn, webIdentityTokenFile: source.tokenFile } : {}),
    roleAssumer: async (keys, request) => {
      assumed = true;
      const sts = new STSClient({ ...at, credentials: keys });
      const chained = keys.sessionToken !== undefined;
      const { Credentials: given } = await sts.send(
        new AssumeRoleCommand({
          ...request,
          RoleSessionName: named(request.RoleSessionName, sessionName),
          DurationSeconds: chained ? Math.min(request.DurationSeconds ?? CHAINED_SECONDS, CHAINED_SECONDS) : request.DurationSeconds,
        }),
      );
      return keysOf(given, request.RoleArn);
    },
    roleAssumerWithWebIdentity: async (request) => {
      assumed = true;
      const sts = new STSClient({ ...at });
      const { Credentials: given } = await sts.send(
        new AssumeRoleWithWebIdentityCommand({ ...request, RoleSessionName: named(request.RoleSessionName, sessionName) }),
      );
      return keysOf(given, request.RoleArn);
    },
  });
  const keys = await provider().catch(async (error: unknown) => {
    throw 'url' in source && source.url !== undefined && !assumed ? await containerFailure(error, source.url, source.tokenFile) : error;
  });
  // The SDK's chain goes on to its next link where one finds nothing.
  if ('roleArn' in source && !assumed) throw new Error(`${source.roleArn} was not assumed: the SDK found other credentials`);
  return keys;
}

/** The SDK makes up names of its own where nobody gave one. */
const named = (given: string | undefined, ours: string) => (given === undefined || given.startsWith('aws-sdk-js-') ? ours : given);

function keysOf(given: Credentials | undefined, roleArn: string | undefined) {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new Error(`STS answered for ${roleArn} without complete credentials`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration };
}
