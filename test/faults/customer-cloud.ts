import { serviceArn } from '../../lib/accounts/service-arn.ts';
import { type SdkCall, SdkError } from './gate.ts';
import type { Scheduler } from './scheduler.ts';
import { type Session, type Statement, sessionOf } from './session.ts';

/** A service of ECS as it truly is. */
export interface CloudService {
  readonly arn: string;
  readonly startUpMs: number;
  desired: number;
  running: number;
  status: 'ACTIVE' | 'INACTIVE';
  deploying: boolean;
  deploymentCreatedAt: number;
  /** When somebody other than Sluice changed the count last. */
  foreignAt: number;
}

export interface CloudRole {
  readonly arn: string;
  readonly accountId: string;
  /** Undefined: it can be assumed without one, as no role should be. */
  readonly externalId: string | undefined;
  /** Taken away by the customer for now. */
  closed: boolean;
}

export interface CloudQueue {
  readonly arn: string;
  visible: number;
  inFlight: number;
}

/** What the checkers see of customers' AWS, at the moment at which it takes effect there. */
export interface CloudWatcher {
  assumed(by: string, input: Readonly<Record<string, unknown>>, session: Session | undefined): void;
  described(by: string, session: Session, arns: readonly string[]): void;
  updated(by: string, session: Session, input: Readonly<Record<string, unknown>>, service: CloudService | undefined): void;
  depthTold(arn: string): void;
}

/** Customers' AWS in memory: what is there, who may do what, and how it answers. */
export class CustomerCloud {
  readonly services = new Map<string, CloudService>();
  readonly roles = new Map<string, CloudRole>();
  readonly queues = new Map<string, CloudQueue>();
  readonly sessions = new Map<string, Session>();
  readonly #scheduler: Scheduler;
  readonly #watcher: CloudWatcher;
  #made = 0;

  constructor(scheduler: Scheduler, watcher: CloudWatcher) {
    this.#scheduler = scheduler;
    this.#watcher = watcher;
  }

  /** Sets the count; tasks come up after the service's start-up time, and stop soon. */
  setDesired(service: CloudService, count: number): void {
    service.desired = count;
    this.#scheduler.after(count > service.running ? service.startUpMs : 5_000, () => {
      const missing = service.desired - service.running;
      if (missing === 0) return;
      service.running = missing > 0 ? Math.min(service.desired, Math.max(service.running, count)) : service.desired;
    });
  }

  execute(by: string, call: SdkCall): unknown {
    if (call.service === 'sts') return call.command === 'AssumeRole' ? this.#assume(by, call) : this.#identity(call);
    const session = this.#session(call);
    switch (`${call.service}:${call.command}`) {
      case 'ecs:DescribeServices':
        return this.#describe(by, session, call);
      case 'ecs:UpdateService':
        return this.#update(by, session, call);
      case 'sqs:GetQueueAttributes':
        return this.#depth(session, call);
      case 'cloudwatch:GetMetricData':
        session.demand('cloudwatch:GetMetricData', '*');
        return { MetricDataResults: [] };
      default:
        return this.#list(session, call);
    }
  }

  #assume(by: string, { input }: SdkCall): unknown {
    const { RoleArn, ExternalId, RoleSessionName, Policy, DurationSeconds } = input;
    const role = this.roles.get(String(RoleArn));
    const open = role !== undefined && !role.closed && (role.externalId === undefined || role.externalId === ExternalId);
    if (!open || role === undefined) {
      this.#watcher.assumed(by, input, undefined);
      throw new SdkError('AccessDenied', `not authorized to perform sts:AssumeRole on ${String(RoleArn)}`, 403);
    }
    const statements = (JSON.parse(String(Policy)) as { Statement: Statement[] }).Statement;
    const key = `ASIA${String(++this.#made).padStart(16, '0')}`;
    const session = sessionOf({
      key,
      roleArn: role.arn,
      accountId: role.accountId,
      name: String(RoleSessionName),
      statements,
      expiresAt: this.#scheduler.now + Number(DurationSeconds) * 1_000,
    });
    this.sessions.set(key, session);
    this.#watcher.assumed(by, input, session);
    return {
      Credentials: { AccessKeyId: key, SecretAccessKey: 'secret', SessionToken: 'token', Expiration: new Date(session.expiresAt) },
    };
  }

  #session({ accessKeyId }: SdkCall): Session {
    const session = accessKeyId === undefined ? undefined : this.sessions.get(accessKeyId);
    if (session === undefined) throw new SdkError('UnrecognizedClientException', 'no such session', 403);
    if (session.expiresAt <= this.#scheduler.now) throw new SdkError('ExpiredTokenException', 'the session has ended', 403);
    return session;
  }

  #identity(call: SdkCall): unknown {
    if (call.accessKeyId === undefined) return { Account: '000000000000', Arn: 'arn:aws:sts::000000000000:assumed-role/sluice/x' };
    const { accountId, roleArn } = this.#session(call);
    return { Account: accountId, Arn: roleArn };
  }

  #describe(by: string, session: Session, { input, region = '' }: SdkCall): unknown {
    const cluster = String(input['cluster']).split('/').at(-1);
    const names = (input['services'] as string[]).map((name) => name.split('/').at(-1) ?? name);
    const arns = names.map((name) => `arn:aws:ecs:${region}:${session.accountId}:service/${cluster}/${name}`);
    for (const arn of arns) session.demand('ecs:DescribeServices', arn);
    this.#watcher.described(by, session, arns);
    const found = arns.flatMap((arn) => this.services.get(arn) ?? []);
    const missing = arns.filter((arn) => !this.services.has(arn));
    return { services: found.map((service) => this.#told(service)), failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
  }

  #told(service: CloudService): unknown {
    const { arn, desired, running, status, deploying, deploymentCreatedAt } = service;
    const primary = { status: 'PRIMARY', rolloutState: deploying ? 'IN_PROGRESS' : 'COMPLETED', createdAt: new Date(deploymentCreatedAt) };
    return {
      serviceArn: arn,
      serviceName: serviceArn(arn).service,
      status,
      desiredCount: desired,
      runningCount: Math.min(running, desired),
      pendingCount: Math.max(0, desired - running),
      schedulingStrategy: 'REPLICA',
      deployments: deploying ? [primary, { status: 'ACTIVE' }] : [primary],
      tags: [],
    };
  }

  #update(by: string, session: Session, { input, region = '' }: SdkCall): unknown {
    const arn = `arn:aws:ecs:${region}:${session.accountId}:service/${String(input['cluster'])}/${String(input['service'])}`;
    const service = this.services.get(arn);
    this.#watcher.updated(by, session, input, service);
    session.demand('ecs:UpdateService', arn);
    if (service === undefined) throw new SdkError('ServiceNotFoundException', String(input['service']));
    if (service.status !== 'ACTIVE') throw new SdkError('ServiceNotActiveException', String(input['service']));
    if (input['desiredCount'] !== undefined) this.setDesired(service, Number(input['desiredCount']));
    return { service: {} };
  }

  #depth(session: Session, { input, region = '' }: SdkCall): unknown {
    const [accountId, name] = String(input['QueueUrl']).split('/').slice(-2);
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    session.demand('sqs:GetQueueAttributes', arn);
    const queue = this.queues.get(arn);
    if (queue === undefined) throw new SdkError('QueueDoesNotExist', arn);
    this.#watcher.depthTold(arn);
    return {
      Attributes: { ApproximateNumberOfMessages: String(queue.visible), ApproximateNumberOfMessagesNotVisible: String(queue.inFlight) },
    };
  }

  #list(session: Session, { service, command, input, region = '' }: SdkCall): unknown {
    session.demand(`${service === 'application-auto-scaling' ? 'application-autoscaling' : service}:${command}`, '*');
    const own = [...this.services.keys()].filter(
      (arn) => serviceArn(arn).accountId === session.accountId && serviceArn(arn).region === region,
    );
    const clusterOf = (arn: string) => `arn:aws:ecs:${region}:${session.accountId}:cluster/${serviceArn(arn).cluster}`;
    switch (command) {
      case 'ListAccountAliases':
        return { AccountAliases: [`alias-${session.accountId}`] };
      case 'ListRegions':
        return { Regions: [{ RegionName: 'us-east-1' }] };
      case 'ListClusters':
        return { clusterArns: [...new Set(own.map(clusterOf))] };
      case 'DescribeClusters':
        return {
          clusters: (input['clusters'] as string[]).map((arn) => ({
            clusterArn: arn,
            clusterName: arn.split('/').at(-1),
            status: 'ACTIVE',
          })),
        };
      case 'ListServices':
        return { serviceArns: own.filter((arn) => clusterOf(arn) === input['cluster']) };
      case 'ListTagsForResource':
        return { tags: [] };
      default:
        return {};
    }
  }
}
