import type { CustomerAws } from '../accounts/customer-aws.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { stackNames } from '../accounts/stack-names.ts';
import { createAccountAws } from '../aws/account-aws.ts';
import { createCustomerAws } from '../aws/customer-aws.ts';
import { createMetricsAws } from '../aws/metrics-aws.ts';
import type { Clock } from '../clock.ts';
import type { MetricsAws } from '../collect/metrics-aws.ts';
import { sourcesOf } from '../collect/sources.ts';
import type { AccountAws } from '../discover/account-aws.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { Random } from '../random.ts';
import { type AwsEndpoints, isLoopback } from './aws-endpoints.ts';
import { packageRoot } from './package-root.ts';
import type { MakeRole } from './put-under-care.ts';
import type { TaskCounts } from './service-status.ts';
import { serveStandIn } from './stand-in/server.ts';
import { connectCustomer, deployOperator, functionCredentials, LOCAL_STAGE, OPERATOR_ACCOUNT } from './stand-in/stacks.ts';
import { createStandIn } from './stand-in/stand-in.ts';
import { readTemplates } from './stand-in/templates.ts';
import type { CustomerFacing } from './system.ts';

const REGION = 'us-east-1';
/** Spoken in the names of sessions. */
const DEPLOYMENT = 'sluice-local';

/** The AWS of the run: the stand-in, or servers of the user's own. */
export interface AwsSide {
  readonly url: string;
  readonly standIn: boolean;
  readonly operatorAccountId: string;
  readonly foreignStsOnLoopback: boolean;
  readonly customerAws: (as: CustomerFacing) => CustomerAws;
  /** For `discover`, which alone looks at accounts as a whole. */
  readonly accountAws: () => AccountAws;
  /** What collect reads queues and metrics with. */
  readonly metricsAws: () => MetricsAws;
  readonly makeRole: MakeRole;
  /** Counts of tasks as they are at this moment; undefined where only ECS's answers tell them. */
  readonly tasksOf: ((service: ServiceConfig) => TaskCounts) | undefined;
  close(): Promise<void>;
}

/** Where keys come from, as the doctor says it. */
const MADE_UP = 'made up for this local run; those of this machine are never used';

const ROLES: Readonly<Record<CustomerFacing | 'collect', string>> = {
  discover: 'DiscoverRole',
  tick: 'TickRole',
  collect: 'CollectRole',
  scale: 'ScaleRole',
  admin: 'AdminRole',
};

/** Starts the stand-in with these services in it: each with desired = running = min. Rejects with EADDRINUSE when the port is taken. */
export async function startStandInSide(options: {
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly services: readonly ServiceConfig[];
  /** Servers of the user's own for queues and metrics; whatever else is the stand-in's. */
  readonly endpoints?: Pick<AwsEndpoints, 'sqs' | 'cloudwatch'>;
}): Promise<AwsSide> {
  const { clock } = options;
  const templates = readTemplates(packageRoot());
  const standIn = createStandIn({ clock, random: options.random });
  deployOperator(standIn, templates, { stage: LOCAL_STAGE, region: REGION });
  for (const { arn, policy } of options.services) standIn.services.ensure(arn, policy.min);
  for (const { ask } of options.services.flatMap(sourcesOf)) if (ask.kind === 'depth') standIn.measures.ensureQueue(ask.queueArn);
  const server = await serveStandIn(standIn, { port: options.port });
  const as = (name: CustomerFacing | 'collect') => ({
    deployment: DEPLOYMENT,
    region: REGION,
    clock,
    credentials: functionCredentials(standIn, { roleId: ROLES[name], functionName: `sluice-${LOCAL_STAGE}-${name}`, now: clock.now() }),
  });
  return {
    url: server.url,
    standIn: true,
    operatorAccountId: OPERATOR_ACCOUNT,
    foreignStsOnLoopback: false,
    customerAws: (name) => createCustomerAws({ ...as(name), endpoints: { sts: server.url, ecs: server.url } }),
    accountAws: () =>
      createAccountAws({
        ...as('discover'),
        credentialSource: MADE_UP,
        endpoints: { sts: server.url, ecs: server.url, others: server.url },
      }),
    metricsAws: () => {
      const { sqs = server.url, cloudwatch = server.url } = options.endpoints ?? {};
      return createMetricsAws({ ...as('collect'), endpoints: { sts: server.url, sqs, cloudwatch } });
    },
    makeRole: async ({ customer, ...account }) =>
      connectCustomer(standIn, templates, { ...account, stage: LOCAL_STAGE, stackName: stackNames.read(customer) }),
    tasksOf: ({ arn }) => {
      const service = standIn.services.get(arn);
      if (service === undefined) return { running: null, pending: null, desired: null };
      const pending = service.starting.reduce((sum, { count }) => sum + count, 0);
      return { running: service.running, pending, desired: service.desired };
    },
    close: () => server.close(),
  };
}

/**
 * Servers of the user's own, moto for one: clusters and services must be there already. The keys are made up, one pair for
 * each function; the machine's own are never used.
 */
export function foreignSide(endpoints: AwsEndpoints & Required<Pick<AwsEndpoints, 'ecs' | 'sts'>>, clock: Clock): AwsSide {
  const as = (name: CustomerFacing | 'collect') => ({
    deployment: DEPLOYMENT,
    region: REGION,
    clock,
    credentials: { accessKeyId: `SLUICELOCAL${name.toUpperCase()}`, secretAccessKey: 'made-up' },
  });
  return {
    url: endpoints.ecs,
    standIn: false,
    operatorAccountId: OPERATOR_ACCOUNT,
    foreignStsOnLoopback: isLoopback(new URL(endpoints.sts).hostname),
    customerAws: (name) => createCustomerAws({ ...as(name), endpoints }),
    // What stands in for ECS is asked for the rest, too: nothing may go to AWS itself.
    accountAws: () =>
      createAccountAws({ ...as('discover'), credentialSource: MADE_UP, endpoints: { ...endpoints, others: endpoints.ecs } }),
    metricsAws: () => {
      const { ecs, sts, sqs = ecs, cloudwatch = ecs } = endpoints;
      return createMetricsAws({ ...as('collect'), endpoints: { sts, sqs, cloudwatch } });
    },
    // Nobody installs a template there. Where roles have to exist, the proof of trust will say that this one does not.
    makeRole: async ({ customer, accountId, serviceArns }) => {
      const [first] = serviceArns;
      const partition = first === undefined ? 'aws' : serviceArn(first).partition;
      return `arn:${partition}:iam::${accountId}:role/sluice/${customer}`;
    },
    tasksOf: undefined,
    close: async () => undefined,
  };
}
