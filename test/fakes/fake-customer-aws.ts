import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import type { CustomerAws, ServiceDescription } from '../../lib/accounts/customer-aws.ts';
import { parseRoleArn } from '../../lib/accounts/role-arn.ts';
import { serviceArn } from '../../lib/accounts/service-arn.ts';
import type { AwsFailureKind } from '../../lib/aws/aws-failure.ts';
import { AwsFailure } from '../../lib/aws/aws-failure.ts';

export interface FakeCall {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly accountId: string;
  /** Whose session it was: "read", "prove", or the decision's id. */
  readonly session: string;
  readonly result: 'done' | AwsFailureKind;
}

/** `after-effect`: what was asked happens, and the answer is lost. */
export type Fault = AwsFailureKind | 'after-effect';

interface Role {
  readonly arn: string;
  /** Undefined: the role asks for none, as no role should. */
  readonly externalId: string | undefined;
  /** Service ARNs that its write policy lists; undefined: every service of the account. */
  readonly writable: ReadonlySet<string> | undefined;
}

export interface FakeCustomerAws extends CustomerAws {
  readonly calls: readonly FakeCall[];
  /** Makes a role that requires the account's external ID. */
  addRole(account: ConnectedAccount, options?: { readonly writable?: readonly string[]; readonly open?: boolean }): void;
  removeRole(roleArn: string): void;
  /** Creates the service or changes the fields given. Its cluster exists from then on. */
  put(service: Partial<ServiceDescription> & { readonly arn: string }): void;
  remove(arn: string): void;
  service(arn: string): ServiceDescription | undefined;
  /** The next `times` calls of `action` fail so. */
  fail(action: string, fault: Fault, times?: number): void;
  /** Called before each call is carried out: to move time on, to change a service behind its back, or to refuse it by an error. */
  before: ((action: string, call: Omit<FakeCall, 'result'>) => void | Promise<void>) | undefined;
}

/** A customer's AWS in memory: trust with external ID, session policies, write policies, faults. */
export function fakeCustomerAws(): FakeCustomerAws {
  const calls: FakeCall[] = [];
  const roles = new Map<string, Role>();
  const services = new Map<string, ServiceDescription>();
  const clusters = new Set<string>();
  const faults = new Map<string, Fault[]>();

  /** One call: fault first, then `effect`, which may itself refuse. */
  async function call<T>(about: Omit<FakeCall, 'result'>, effect: () => T): Promise<T> {
    await fake.before?.(about.action, about);
    const fault = faults.get(about.action)?.shift();
    try {
      if (fault === 'after-effect') {
        effect();
        throw new AwsFailure('timeout', about.action, 'the answer was lost');
      }
      if (fault !== undefined) throw new AwsFailure(fault, about.action, `a fault of the test: ${fault}`);
      const result = effect();
      calls.push({ ...about, result: 'done' });
      return result;
    } catch (error) {
      if (error instanceof AwsFailure) calls.push({ ...about, result: error.kind });
      throw error;
    }
  }

  function assume(roleArn: string, externalId: string | undefined, session: string): Promise<Role> {
    const parsed = parseRoleArn(roleArn);
    if (!parsed.ok) throw new AwsFailure('invalid', 'sts:AssumeRole', parsed.problems.join('; '));
    const about = { action: 'sts:AssumeRole', parameters: { roleArn, externalId }, accountId: parsed.value.accountId, session };
    return call(about, () => {
      const role = roles.get(roleArn);
      if (role === undefined || (role.externalId !== undefined && role.externalId !== externalId)) {
        throw new AwsFailure('denied', 'sts:AssumeRole', `AccessDenied: not authorized to perform sts:AssumeRole on ${roleArn}`);
      }
      return role;
    });
  }

  function describe(
    account: ConnectedAccount,
    region: string,
    cluster: string,
    names: readonly string[],
    allowed: ReadonlySet<string>,
    session: string,
  ) {
    const action = 'ecs:DescribeServices';
    const prefix = `${region}:${account.accountId}:service/${cluster}`;
    return call({ action, parameters: { cluster, services: [...names] }, accountId: account.accountId, session }, () => {
      const arns = names.map((name) => `arn:aws:ecs:${prefix}/${name}`);
      const beyond = arns.find((arn) => !allowed.has(arn));
      if (beyond !== undefined) throw new AwsFailure('denied', action, `AccessDenied: no session policy allows ${action} on ${beyond}`);
      if (!clusters.has(prefix)) throw new AwsFailure('not-found', action, `ClusterNotFoundException: ${cluster}`);
      return {
        found: arns.flatMap((arn) => services.get(arn) ?? []),
        missing: names.filter((_, i) => !services.has(arns[i] ?? '')),
      };
    });
  }

  const fake: FakeCustomerAws = {
    calls,
    before: undefined,
    addRole(account, { writable, open = false } = {}) {
      roles.set(account.roleArn, {
        arn: account.roleArn,
        externalId: open ? undefined : account.externalId,
        writable: writable === undefined ? undefined : new Set(writable),
      });
    },
    removeRole: (roleArn) => void roles.delete(roleArn),
    put(given) {
      const { service, cluster, region, accountId } = serviceArn(given.arn);
      clusters.add(`${region}:${accountId}:service/${cluster}`);
      services.set(given.arn, { ...(services.get(given.arn) ?? anEcsService(given.arn, service)), ...given });
    },
    remove: (arn) => void services.delete(arn),
    service: (arn) => services.get(arn),
    fail(action, fault, times = 1) {
      faults.set(action, [...(faults.get(action) ?? []), ...Array.from({ length: times }, () => fault)]);
    },

    async reader(account, region, serviceArns) {
      await assume(account.roleArn, account.externalId, 'read');
      const allowed = new Set(serviceArns);
      return {
        async describe(cluster, names) {
          const parts: { found: ServiceDescription[]; missing: string[] }[] = [];
          for (let i = 0; i < names.length; i += 10)
            parts.push(await describe(account, region, cluster, names.slice(i, i + 10), allowed, 'read'));
          return { found: parts.flatMap((part) => part.found), missing: parts.flatMap((part) => part.missing) };
        },
      };
    },

    async writer(account, arn, decisionId) {
      const { cluster, service, region, accountId } = serviceArn(arn);
      if (accountId !== account.accountId)
        throw new AwsFailure('invalid', 'ecs:UpdateService', `${arn} is not of account ${account.accountId}`);
      const role = await assume(account.roleArn, account.externalId, decisionId);
      return {
        async describe() {
          const { found } = await describe(account, region, cluster, [service], new Set([arn]), decisionId);
          return found[0];
        },
        setDesiredCount(count) {
          const action = 'ecs:UpdateService';
          return call({ action, parameters: { cluster, service, desiredCount: count }, accountId, session: decisionId }, () => {
            if (role.writable !== undefined && !role.writable.has(arn))
              throw new AwsFailure('denied', action, `AccessDenied: ${action} on ${arn}`);
            const found = services.get(arn);
            if (found === undefined) throw new AwsFailure('not-found', action, `ServiceNotFoundException: ${service}`);
            if (found.status !== 'ACTIVE') throw new AwsFailure('not-active', action, `ServiceNotActiveException: ${service}`);
            services.set(arn, { ...found, desired: count });
          });
        },
      };
    },

    async tryAssume(roleArn, externalId, about) {
      await assume(roleArn, externalId, 'prove');
      const accountId = /::([0-9]{12}):/.exec(roleArn)?.[1] ?? about.accountId;
      return await call({ action: 'sts:GetCallerIdentity', parameters: {}, accountId, session: 'prove' }, () => ({ accountId }));
    },
  };
  return fake;
}

/** A service at rest, with two tasks. */
function anEcsService(arn: string, name: string): ServiceDescription {
  return {
    arn,
    name,
    status: 'ACTIVE',
    desired: 2,
    running: 2,
    pending: 0,
    schedulingStrategy: 'REPLICA',
    deploymentController: 'ECS',
    resourceManagement: 'CUSTOMER',
    deployment: 'none',
  };
}
