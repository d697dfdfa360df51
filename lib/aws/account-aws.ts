import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ConnectedAccount } from '../accounts/account.ts';
import { parseRoleArn } from '../accounts/role-arn.ts';
import { TEMPLATE_VERSION_TAG } from '../accounts/template-version.ts';
import type { Clock } from '../clock.ts';
import type { AccountAws } from '../discover/account-aws.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { AccountClientOptions } from './account-clients.ts';
import { accountClients } from './account-clients.ts';
import { ASSUME_ROLE, asEvidence, assumeRole } from './assume-role.ts';
import type { AwsCallReport } from './aws-call.ts';
import { awsCaller } from './aws-call.ts';
import { AwsFailure } from './aws-failure.ts';
import { DESCRIBE_SERVICES } from './describe-services.ts';
import { DISCOVERY_ACTIONS, explorer } from './explorer.ts';
import { sessionName } from './session-name.ts';
import { describePolicy, discoverPolicy, probePolicy, taggedDescribePolicy } from './session-policy.ts';

const UPDATE_SERVICE = 'ecs:UpdateService';
const GET_CALLER_IDENTITY = 'sts:GetCallerIdentity';

export interface AccountAwsOptions extends Omit<AccountClientOptions, 'timeoutMs'> {
  readonly deployment: string;
  readonly clock: Clock;
  /** For jitter alone; default the system's. */
  readonly random?: Random;
  /** Of one call; default 5 s: a list of a large Region takes longer than a description. */
  readonly timeoutMs?: number;
  /** Where the keys come from, told by the doctor; default: the function's environment. */
  readonly credentialSource?: string;
  readonly onCall?: (call: AwsCallReport) => void;
}

/** A customer's account as a whole; the port says what each part promises. */
export function createAccountAws(options: AccountAwsOptions): AccountAws {
  const { deployment, region: homeRegion, clock, random = systemRandom, timeoutMs = 5000 } = options;
  const { credentialSource = "the environment of the function: its own role's keys" } = options;
  const call = awsCaller({ clock, random, timeoutMs, ...(options.onCall === undefined ? {} : { onCall: options.onCall }) });
  const clients = accountClients({ ...options, timeoutMs });

  const assume = (account: ConnectedAccount, purpose: 'discover' | 'prove', policy: string) => {
    const { accountId, roleArn, externalId } = account;
    const about = { action: ASSUME_ROLE, accountId, region: homeRegion, repeatable: true };
    const request = { roleArn, externalId, name: sessionName(deployment, purpose, accountId), policy, seconds: 900 } as const;
    return call(about, (signal) => assumeRole(clients.sts, request, signal));
  };

  return {
    async explorer(account) {
      const partition = partitionOf(account);
      const session = await assume(account, 'discover', discoverPolicy(DISCOVERY_ACTIONS));
      return explorer(call, clients, { accountId: account.accountId, partition, homeRegion, session });
    },

    async prober(account, madeUpName) {
      const { accountId } = account;
      const session = await assume(account, 'prove', probePolicy(partitionOf(account), accountId, madeUpName));
      return {
        async mayUpdate(region, cluster) {
          const ecs = clients.ecsAs(session, region);
          // Without a count: even a service of that name would stay as it is.
          const command = new UpdateServiceCommand({ cluster, service: madeUpName });
          const about = { action: UPDATE_SERVICE, accountId, region, repeatable: true };
          return await evidence(() => call(about, (abortSignal) => ecs.send(command, { abortSignal })));
        },
      };
    },

    async carriesVersion(account, version, { region, cluster }, madeUpName) {
      const { accountId } = account;
      const older = Array.from({ length: Math.max(0, version - 1) }, (_, i) => String(i + 1));
      const resource = `arn:${partitionOf(account)}:ecs:${region}:${accountId}:service/${cluster}/${madeUpName}`;
      const about = { action: DESCRIBE_SERVICES, accountId, region, repeatable: true };
      const mayDescribe = async (policy: string) => {
        const ecs = clients.ecsAs(await assume(account, 'prove', policy), region);
        const command = new DescribeServicesCommand({ cluster, services: [madeUpName] });
        return await evidence(() => call(about, (abortSignal) => ecs.send(command, { abortSignal })));
      };
      if (await mayDescribe(taggedDescribePolicy(resource, TEMPLATE_VERSION_TAG, older))) return true;
      // A statement that was taken away or a Region that is closed refuses as well: only where the same call is allowed without the tag, it was the tag.
      if (await mayDescribe(describePolicy(resource))) return false;
      const message = `the role may not describe services in ${region} with or without its tag, so that the refusal shows nothing of the tag`;
      throw new AwsFailure('denied', DESCRIBE_SERVICES, message);
    },

    async identity() {
      let date: number | undefined;
      const startedAt = clock.now();
      const about = { action: GET_CALLER_IDENTITY, accountId: 'our own', region: homeRegion, repeatable: true };
      const command = new GetCallerIdentityCommand({});
      command.middlewareStack.add(
        (next) => async (args) => {
          const answer = await next(args);
          date = dateOf(answer.response);
          return answer;
        },
        { step: 'deserialize', name: 'sluiceDateOfAnswer', priority: 'low' },
      );
      const answer = await call(about, (abortSignal) => clients.sts.send(command, { abortSignal }));
      if (answer.Account === undefined || answer.Arn === undefined)
        throw new AwsFailure('unavailable', GET_CALLER_IDENTITY, 'STS answered without an account');
      // The header has whole seconds, cut: on average half a second is lost.
      const ahead = date === undefined ? undefined : Math.round((startedAt + clock.now()) / 2 - (date + 500));
      return {
        accountId: answer.Account,
        arn: answer.Arn,
        credentials: credentialSource,
        ...(ahead === undefined ? {} : { clockAheadMs: ahead }),
      };
    },
  };
}

/**
 * Whether IAM let a call through. What says that the thing itself is not there was said after IAM had agreed; exactly
 * AccessDenied is a no; anything else shows nothing and is thrown.
 */
async function evidence(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const failure = asEvidence(error);
    if (failure.kind === 'not-found' || failure.kind === 'not-active') return true;
    if (failure.kind === 'denied') return false;
    throw failure;
  }
}

/** The partition is the role's; a role of another account than the one it is stored for is never used. */
function partitionOf({ roleArn, accountId }: ConnectedAccount): string {
  const role = parseRoleArn(roleArn);
  if (!role.ok || role.value.accountId !== accountId)
    throw new AwsFailure('invalid', ASSUME_ROLE, `${roleArn} and account ${accountId} do not belong together`);
  return role.value.partition;
}

function dateOf(response: unknown): number | undefined {
  const headers = typeof response === 'object' && response !== null && 'headers' in response ? response.headers : undefined;
  const date = typeof headers === 'object' && headers !== null && 'date' in headers ? headers.date : undefined;
  const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
