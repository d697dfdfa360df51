import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ConnectedAccount } from '../accounts/account.ts';
import type { CustomerAws, ServiceReader, ServiceWriter } from '../accounts/customer-aws.ts';
import { parseRoleArn } from '../accounts/role-arn.ts';
import type { ServiceArn } from '../accounts/service-arn.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import type { Clock, Instant } from '../clock.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { SessionRequest } from './assume-role.ts';
import { ASSUME_ROLE, asEvidence, assumeRole } from './assume-role.ts';
import type { AwsCaller, AwsCallReport } from './aws-call.ts';
import { awsCaller } from './aws-call.ts';
import { AwsFailure } from './aws-failure.ts';
import type { ClientOptions } from './customer-clients.ts';
import { customerClients } from './customer-clients.ts';
import type { EcsAs } from './describe-services.ts';
import { DESCRIBE_SERVICES, describeAll } from './describe-services.ts';
import { sessionCache } from './session-cache.ts';
import { sessionName } from './session-name.ts';
import { provePolicy, readPolicies, writePolicy } from './session-policy.ts';

const UPDATE_SERVICE = 'ecs:UpdateService';
const GET_CALLER_IDENTITY = 'sts:GetCallerIdentity';

export interface CustomerAwsOptions extends Omit<ClientOptions, 'timeoutMs'> {
  /** Named in every session: which Sluice it was. */
  readonly deployment: string;
  readonly clock: Clock;
  /** For jitter alone; default the system's. */
  readonly random?: Random;
  /** Of one call; default 2 s. */
  readonly timeoutMs?: number;
  /** What `timeoutMs` is measured by; default: real time. */
  readonly wait?: Clock['sleep'];
  readonly onCall?: (call: AwsCallReport) => void;
}

interface ReadSession extends EcsAs {
  readonly expiresAt: Instant;
}

/** Customers' AWS through STS and ECS; the port says what each part promises. */
export function createCustomerAws(options: CustomerAwsOptions): CustomerAws {
  const { deployment, region: homeRegion, clock, random = systemRandom, timeoutMs = 2000 } = options;
  const call = awsCaller({ ...options, random, timeoutMs });
  const clients = customerClients({ ...options, timeoutMs });
  const cache = sessionCache<ReadSession>(clock, random);
  // Made here, so that a name that STS would refuse is found at the start.
  const readName = sessionName(deployment, 'read');

  const assume = (accountId: string, request: SessionRequest) =>
    call({ action: ASSUME_ROLE, accountId, region: homeRegion, repeatable: true }, (signal) => assumeRole(clients.sts, request, signal));

  async function newReadSession(account: ConnectedAccount, region: string, policies: readonly string[]): Promise<ReadSession> {
    const { accountId, roleArn, externalId } = account;
    const session = await firstThatFits(policies, (policy) =>
      assume(accountId, { roleArn, externalId, name: readName, policy, seconds: 3600 }),
    );
    return { expiresAt: session.expiresAt, ecs: clients.ecsAs(session, region), accountId, region };
  }

  return {
    async reader(account, region, serviceArns): Promise<ServiceReader> {
      const policies = readPolicies(serviceArns.map((arn) => ownService(account, arn, DESCRIBE_SERVICES)));
      const key = JSON.stringify([account.roleArn, account.externalId, region, policies[0]]);
      const session = () => cache.get(key, () => newReadSession(account, region, policies));
      let used = await session();
      return {
        async describe(cluster, names) {
          try {
            return await describeAll(call, used, cluster, names, { tagged: true });
          } catch (error) {
            if (!(error instanceof AwsFailure) || error.kind !== 'expired') throw error;
          }
          // Revoked, or ended before its time: a new one, once.
          cache.drop(key, used);
          used = await session();
          return await describeAll(call, used, cluster, names, { tagged: true });
        },
      };
    },

    async writer(account, arn, decisionId): Promise<ServiceWriter> {
      const service = ownService(account, arn, UPDATE_SERVICE);
      const { accountId, roleArn, externalId } = account;
      const name = sessionName(deployment, 'scale', decisionId);
      // Never kept: each decision has a session of its own, which can touch no other service.
      const session = await assume(accountId, { roleArn, externalId, name, policy: writePolicy(service), seconds: 900 });
      return serviceWriter(call, { ecs: clients.ecsAs(session, service.region), accountId, region: service.region }, service);
    },

    async tryAssume(roleArn, externalId, { accountId }) {
      const name = sessionName(deployment, 'prove', accountId);
      const session = await assume(accountId, { roleArn, externalId, name, policy: provePolicy(), seconds: 900 }).catch(
        (error: unknown) => {
          throw error instanceof AwsFailure ? asEvidence(error) : error;
        },
      );
      const about = { action: GET_CALLER_IDENTITY, accountId, region: homeRegion, repeatable: true };
      const customer = clients.stsAs(session);
      const identity = await call(about, (signal) => customer.send(new GetCallerIdentityCommand({}), { abortSignal: signal }));
      if (identity.Account === undefined) throw new AwsFailure('unavailable', GET_CALLER_IDENTITY, 'STS answered without an account');
      return { accountId: identity.Account };
    },
  };
}

function serviceWriter(call: AwsCaller, as: EcsAs, { cluster, service }: ServiceArn): ServiceWriter {
  return {
    async describe() {
      const { found } = await describeAll(call, as, cluster, [service]);
      return found.find((description) => description.name === service);
    },
    async setDesiredCount(count) {
      if (!Number.isInteger(count) || count < 0) throw new Error(`a desired count is a whole number, 0 or more; got ${count}`);
      const about = { action: UPDATE_SERVICE, accountId: as.accountId, region: as.region, repeatable: false };
      const command = new UpdateServiceCommand({ cluster, service, desiredCount: count });
      await call(about, (signal) => as.ecs.send(command, { abortSignal: signal }));
    },
  };
}

/** The last thing that stands between one customer's session and another's service: all three are of one account. */
function ownService(account: ConnectedAccount, arn: string, action: string): ServiceArn {
  const service = serviceArn(arn);
  const role = parseRoleArn(account.roleArn);
  if (service.accountId !== account.accountId || !role.ok || role.value.accountId !== account.accountId) {
    throw new AwsFailure('invalid', action, `${arn}, ${account.roleArn} and account ${account.accountId} do not belong together`);
  }
  return service;
}

/** STS alone knows the packed size of a policy; one that it finds too large is followed by a wider one. */
async function firstThatFits<T>(policies: readonly string[], attempt: (policy: string) => Promise<T>): Promise<T> {
  let last: unknown = new Error('no session policy was given');
  for (const policy of policies) {
    try {
      return await attempt(policy);
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.kind !== 'invalid') throw error;
      last = error;
    }
  }
  throw last;
}
