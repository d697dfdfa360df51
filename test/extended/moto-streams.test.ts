import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCustomerAws } from '../../lib/aws/customer-aws.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Journal } from '../../lib/journal.ts';
import { matchesPattern } from '../../lib/local/event-pattern.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { scaleStream } from '../../lib/local/system.ts';
import { systemRandom } from '../../lib/random.ts';
import { createScale } from '../../lib/scale/create-scale.ts';
import { createAccountStore } from '../../lib/stores/account-store.ts';
import { createConfigStore } from '../../lib/stores/config-store.ts';
import { createControlStore } from '../../lib/stores/control-store.ts';
import { createHistoryStore } from '../../lib/stores/history-store.ts';
import { aPolicy } from '../builders/policies.ts';
import { aControl, aStoredDecision } from '../builders/records.ts';
import { tableAt } from '../contracts/dynamodb-endpoint.ts';
import { type TableStream, tableStream } from './table-stream.ts';

/** No stand-in of ours between the stores and ECS: the table, its stream, STS and ECS are all moto's. */
const moto = process.env['SLUICE_MOTO_URL'];
const region = 'us-east-1';
const accountId = '333344445555';
const cluster = `streams-${Date.now()}`;
const arn = `arn:aws:ecs:${region}:${accountId}:service/${cluster}/web`;
const anyKeys = { accessKeyId: 'test', secretAccessKey: 'test' };

describe.skipIf(moto === undefined)("a decision by way of moto's stream of the table", () => {
  const endpoint = moto ?? '';
  let ecs: ECSClient;

  beforeAll(async () => {
    ecs = await ecsOf(endpoint);
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [{ name: 'web', image: 'web', memory: 64 }] }));
    await ecs.send(new CreateServiceCommand({ cluster, serviceName: 'web', taskDefinition: 'web', desiredCount: 2 }));
  });

  const desired = async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: ['web'] }));
    return services?.[0]?.desiredCount;
  };

  it('wakes scale once, by the write that asks for action alone, and changes the desired count', async () => {
    const { name, table, close } = await tableAt(endpoint, { streams: true, ttl: false });
    const stream = await tableStream({ endpoint, region, credentials: anyKeys, table: name });
    const controls = createControlStore(table);
    const now = systemClock.now();
    await connectedService(table, now);
    const decision = aStoredDecision({ from: 2, to: 5, at: now, lastAt: now });
    const hold = aControl({ state: { ...known(2), at: now } });
    expect(await controls.commit(hold)).toBe('written');
    expect(await controls.commit({ ...hold, version: 1, decision, act: decision.id })).toBe('written');

    const told: string[] = [];
    const scale = createScale({
      table,
      clock: systemClock,
      random: systemRandom,
      journal: outcomesTo(told),
      historyDays: 1,
      dueShards: 1,
      customerAws: createCustomerAws({
        deployment: 'extended',
        region,
        clock: systemClock,
        credentials: anyKeys,
        endpoints: { sts: endpoint, ecs: endpoint },
      }),
    });
    const context = lambdaContext('scale', 'scale', scaleStream.timeoutMs, systemClock.now);

    const written = await stream.next();
    expect(written.length).toBeGreaterThan(2);
    const asked = written.filter(wakes);
    expect(asked.map((record) => [record.eventName, record.dynamodb?.NewImage?.['act']])).toEqual([['MODIFY', { S: decision.id }]]);
    expect(await scale({ Records: asked }, context)).toEqual({ batchItemFailures: [] });
    expect(await desired()).toBe(5);
    expect(told).toEqual(['applied']);

    // What scale itself writes must not wake it again.
    const settled = await stream.next();
    expect(settled.map((record) => record.dynamodb?.Keys?.['sk']?.S)).toContain(asked[0]?.dynamodb?.Keys?.['sk']?.S);
    expect(settled.filter(wakes)).toEqual([]);
    expect(await controls.get('acme', 'shop', 'web')).toMatchObject({ lastOutcome: { outcome: 'applied', desiredCount: 5 } });
    const history = await createHistoryStore(table, { clock: systemClock, days: 1 }).of('acme', 'web', { limit: 10 });
    expect(history).toMatchObject([{ decision: { id: decision.id }, outcome: { outcome: 'applied' } }]);

    // Streams deliver at least once.
    expect(await scale({ Records: asked }, context)).toEqual({ batchItemFailures: [] });
    expect(told).toEqual(['applied']);
    await close?.();
  });
});

const known = (count: number) =>
  ({ kind: 'known', at: 0, desired: count, running: count, pending: 0, deployment: 'none', deploymentCreatedAt: 0 }) as const;

const wakes = (record: Awaited<ReturnType<TableStream['next']>>[number]) => matchesPattern(scaleStream.filter, record);

const outcomesTo = (told: string[]): Journal => ({
  decision: () => undefined,
  outcome: (_about, { outcome }) => void told.push(outcome),
  problem: (_about, { code }) => void told.push(code),
  warn: (message, fields) => void told.push(`${message} ${JSON.stringify(fields)}`),
});

async function connectedService(table: Parameters<typeof createAccountStore>[0], now: number): Promise<void> {
  const accounts = createAccountStore(table);
  const account = await accounts.create({ customer: 'acme', accountId, externalId: 'external-id-of-acme' });
  expect(await accounts.bindRole(account, `arn:aws:iam::${accountId}:role/sluice/acme`, now)).toBe('bound');
  await createConfigStore(table).put({ customer: 'acme', name: 'web', group: 'shop', arn, policy: aPolicy() });
}

/** moto tells accounts apart by the session that a role of theirs was assumed with. */
async function ecsOf(endpoint: string): Promise<ECSClient> {
  const sts = new STSClient({ endpoint, region, credentials: anyKeys });
  const role = { RoleArn: `arn:aws:iam::${accountId}:role/deployer`, RoleSessionName: 'deployer' };
  const { Credentials } = await sts.send(new AssumeRoleCommand(role));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return new ECSClient({ endpoint, region, credentials });
}
