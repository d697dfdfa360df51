import type { ServiceDescription } from '../../lib/accounts/customer-aws.ts';
import type { ServiceConfig } from '../../lib/policy/policy.ts';
import { storeServiceConfig } from '../../lib/policy/store-policy.ts';
import type { Item } from '../../lib/stores/table.ts';
import { aDepthTarget, aLatencyTarget, anSqsTarget, aPolicy, aQueueTimeTarget } from '../builders/policies.ts';
import { queueReport, webReport } from '../fakes/whole-system.ts';
import { reportEvent } from './report-event.ts';
import { createFuzzSystem, type FuzzSystem, type KnownRole, signedEvent } from './system.ts';

export const OPERATOR = 'arn:aws:iam::000000000000:role/operators';
/** Limited to the customer acme. */
export const ACME_ONLY = 'arn:aws:iam::000000000000:role/acme-operators';

export const CUSTOMERS = ['acme', 'globex'] as const;
const ACCOUNTS = { acme: '111122223333', globex: '444455556666' } as const;
const arnOf = (customer: (typeof CUSTOMERS)[number], name: string) =>
  `arn:aws:ecs:us-east-1:${ACCOUNTS[customer]}:service/${customer}/${name}`;

/** Two customers. acme: two services of one group, one fed by a queue that Sluice reads; globex: one, and nothing in common. */
export const SERVICES: readonly ServiceConfig[] = [
  { customer: 'acme', name: 'web', group: 'shop', arn: arnOf('acme', 'web'), policy: aPolicy({ targets: [aQueueTimeTarget()] }) },
  {
    customer: 'acme',
    name: 'worker',
    group: 'shop',
    arn: arnOf('acme', 'worker'),
    policy: aPolicy({ min: 0, targets: [aLatencyTarget(), aDepthTarget(), anSqsTarget()] }),
  },
  { customer: 'globex', name: 'site', group: 'main', arn: arnOf('globex', 'site'), policy: aPolicy({ targets: [aQueueTimeTarget()] }) },
];

export interface Snapshot {
  readonly items: readonly Item[];
  readonly roles: readonly KnownRole[];
  /** Report tokens by "customer/service". */
  readonly tokens: ReadonlyMap<string, string>;
  /** What no log line, answer or item may hold. */
  readonly secrets: readonly string[];
  /** The services at the customers'. */
  readonly services: readonly ServiceDescription[];
  readonly at: number;
}

/** What the table holds once both customers are under care, made through the admin API; with `lived`, after some minutes of life too. */
async function makeSnapshot(lived: boolean): Promise<Snapshot> {
  const system = await createFuzzSystem();
  const roles: KnownRole[] = [];
  const api = async (method: string, path: string, body: unknown) => {
    const { status, json, text } = await system.admin(signedEvent(OPERATOR, method, path, JSON.stringify(body)));
    if (status !== 200) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return json as Record<string, unknown>;
  };
  for (const customer of CUSTOMERS) {
    const accountId = ACCOUNTS[customer];
    const { externalId } = await api('POST', '/v1/accounts', { customer, accountId });
    const role = { customer, accountId, externalId: String(externalId), roleArn: `arn:aws:iam::${accountId}:role/sluice/${customer}` };
    roles.push(role);
    system.aws.addRole(role);
    await api('POST', '/v1/accounts/connect', { customer, accountId, roleArn: role.roleArn });
  }
  for (const { arn } of SERVICES) system.aws.put({ arn });
  const applied = await api('POST', '/v1/apply', { services: SERVICES.map(storeServiceConfig) });
  const tokens = new Map(
    (applied.services as { customer: string; name: string; token: string }[]).map(({ customer, name, token }) => [
      `${customer}/${name}`,
      token,
    ]),
  );
  await api('POST', '/v1/principals', { arn: ACME_ONLY, customer: 'acme' });
  if (lived) await live(system, tokens, api);
  const secrets = [...tokens.values()].flatMap((token) => [token, token.split('.')[4] ?? token]);
  return {
    items: system.table.items(),
    roles,
    tokens,
    secrets,
    services: SERVICES.flatMap(({ arn }) => system.aws.service(arn) ?? []),
    at: system.clock.now(),
  };
}

async function live(
  system: FuzzSystem,
  tokens: ReadonlyMap<string, string>,
  api: (method: string, path: string, body: unknown) => Promise<unknown>,
) {
  for (const { arn } of SERVICES) system.accountAws.put(arn);
  for (let round = 0; round < 4; round++) {
    const now = system.clock.now();
    await system.ingest(reportEvent(tokens.get('acme/web') ?? '', JSON.stringify(webReport(now, [400, 500, 600]))));
    await system.ingest(
      reportEvent(tokens.get('acme/worker') ?? '', JSON.stringify(queueReport(now, { default: { qt: 90_000, qd: 400, busy: 2 } }))),
    );
    await system.ingest(reportEvent(tokens.get('globex/site') ?? '', JSON.stringify(webReport(now, [400, 500, 600]))));
    await system.tick();
    await system.collect();
    await system.scale({ Records: system.stream.splice(0) });
    await system.clock.advance(20_000);
  }
  await system.discover();
  await api('POST', '/v1/pause', { customer: 'acme', service: 'worker', in: true, out: false, why: 'a look', forMs: 600_000 });
  await api('POST', '/v1/override', { customer: 'acme', service: 'web', min: 3, forMs: 600_000, name: 'sale' });
}

let fresh: Promise<Snapshot> | undefined;
let lived: Promise<Snapshot> | undefined;
/** Under care since just now. Made once for a process. */
export const freshSnapshot = (): Promise<Snapshot> => {
  fresh ??= makeSnapshot(false);
  return fresh;
};
/** With every kind of item that some minutes of life leave. */
export const livedSnapshot = (): Promise<Snapshot> => {
  lived ??= makeSnapshot(true);
  return lived;
};

/** A system that begins with what the snapshot holds, and the services at the customers' too. */
export async function systemFrom(snapshot: Snapshot, items: readonly Item[] = snapshot.items): Promise<FuzzSystem> {
  const system = await createFuzzSystem({ items, roles: snapshot.roles, at: snapshot.at });
  for (const service of snapshot.services) {
    // The tasks that were ordered run.
    system.aws.put({ ...service, running: service.desired });
    system.accountAws.put(service.arn);
  }
  return system;
}
