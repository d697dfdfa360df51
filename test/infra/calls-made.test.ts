import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../lib/iam/evaluate.ts';
import { resolveTemplate } from '../../lib/iam/template.ts';
import { storeServiceConfig } from '../../lib/policy/store-policy.ts';
import { aDepthTarget, anSqsTarget, aPolicy, JOBS_QUEUE } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { recordingTable, type TableCall } from '../fakes/recording-table.ts';
import { type FunctionName, queueReport, webReport, wholeSystem } from '../fakes/whole-system.ts';

const account = '000000000000';
const region = 'eu-central-1';
const names = ['ingest', 'tick', 'collect', 'scale', 'discover', 'admin'] as const;
const template = readFileSync(resolve(import.meta.dirname, '../../infra/roles.yml'), 'utf8');
const { roles } = resolveTemplate(template, { stackName: 'sluice-prod', accountId: account, region, outside: { Stage: 'prod' } });
const table = `arn:aws:dynamodb:${region}:${account}:table/sluice-prod`;

function may(name: FunctionName, { action, index }: TableCall): boolean {
  const role = roles.find(({ logicalId }) => logicalId.toLowerCase() === `${name}role`);
  if (!role) throw new Error(`infra/roles.yml has no role for ${name}`);
  const caller = {
    kind: 'role-session',
    partition: 'aws',
    accountId: account,
    roleArn: role.arn,
    roleId: 'AROAEXAMPLE',
    sessionName: name,
  } as const;
  const resource = index === undefined ? table : `${table}/index/${index}`;
  return evaluate({ caller, action, resource, context: {} }, { identity: role.inline.map(({ document }) => document) }).allowed;
}

const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`;
const slow = Array.from({ length: 40 }, () => 340);
const fast = Array.from({ length: 40 }, () => 2);
/** Function → the calls that it made, each once. */
const made = new Map<FunctionName, Map<string, TableCall>>(names.map((name) => [name, new Map()]));

/** A day of a deployment with everything that happens in one, at the handlers that are deployed. */
async function story(): Promise<void> {
  const system = wholeSystem({
    tableOf: (name, inner) => recordingTable(inner, (call) => void made.get(name)?.set(`${call.action} ${call.index ?? ''}`, call)),
  });
  /** Lets time go on while a function works: some of them wait between calls. */
  const ahead = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    ended.catch(() => undefined);
    while (!done) {
      await system.clock.advance(100);
      await new Promise((next) => setImmediate(next));
    }
    return ended;
  };
  const post = async (path: string, body: object) => {
    await system.clock.advance(seconds(1));
    return ahead(system.api('POST', path, body));
  };
  await system.connect();
  for (const name of ['web', 'worker', 'jobs', 'gone'])
    system.aws.put({ arn: arn(name), desired: 2, running: 2, tags: { 'sluice:max': '30' } });
  const service = (name: string, targets = aPolicy().targets, group = 'shop') => ({
    customer: 'acme',
    name,
    group,
    arn: arn(name),
    policy: aPolicy({ min: 1, targets }),
  });
  const services = [service('web'), service('worker', [aDepthTarget()]), service('jobs', [anSqsTarget()], 'jobs'), service('gone')];
  const { tokens } = await system.apply(services);
  const token = tokens.get('web') ?? '';
  await ahead(system.tick());
  system.metricsAws.setQueue(JOBS_QUEUE, { visible: 60, inFlight: 0 });
  for (let minute = 0; minute < 25; minute++) {
    const now = system.clock.now();
    // A burst from many tasks, then calm, then silence.
    for (let task = 0; minute < 20 && task < 6; task++) {
      await system.report(token, webReport(now, minute < 5 ? slow : fast, { container: `task-${task}` }));
      await system.report(token, queueReport(now, { default: { qd: minute < 5 ? 60 : 0, busy: 0 } }, `task-${task}`));
      await system.clock.advance(seconds(3));
    }
    await ahead(system.collect());
    await ahead(system.deliver());
    for (const name of ['web', 'worker', 'jobs']) system.aws.put({ arn: arn(name), running: system.aws.service(arn(name))?.desired ?? 0 });
    if (minute === 3) system.aws.put({ arn: arn('web'), desired: 9 });
    if (minute === 6) system.metricsAws.setQueue(JOBS_QUEUE, { visible: 0, inFlight: 0 });
    await system.clock.advance(seconds(42));
    await ahead(system.tick());
    await ahead(system.deliver());
  }
  await ahead(system.discover());
  for (const path of ['/v1/status', '/v1/services', '/v1/discovered', '/v1/doctor', '/v1/changes', '/v1/principals', '/v1/configs'])
    await ahead(system.api('GET', path));
  const web = { customer: 'acme', service: 'web' };
  for (const path of ['/v1/points', '/v1/explain', '/v1/decisions', '/v1/tokens', '/v1/write-access'])
    await system.api('GET', path, {}, web);
  await post('/v1/override', { ...web, min: 5, forMs: minutes(5) });
  await post('/v1/pause', { ...web, in: true });
  await post('/v1/resume', web);
  await post('/v1/mode', { ...web, mode: 'observe' });
  await post('/v1/tokens', web);
  await post('/v1/tokens/revoke', { ...web, allButNewest: true });
  await post('/v1/apply', { services: [storeServiceConfig(service('web', aPolicy().targets, 'moved'))] });
  await post('/v1/remove', { ...web, service: 'gone' });
  await post('/v1/principals', { arn: `arn:aws:iam::${account}:role/people`, customer: 'acme' });
  await post('/v1/principals/free', { arn: `arn:aws:iam::${account}:role/people` });
  // The role is gone: what tick, collect and discover write of that.
  system.aws.removeRole('arn:aws:iam::111122223333:role/sluice/acme');
  await system.clock.advance(minutes(10));
  await ahead(system.tick());
  await ahead(system.collect());
  await ahead(system.discover());
  await post('/v1/accounts/disconnect', { customer: 'acme', accountId: '111122223333', deleteHistory: true });
  await post('/v1/forget', { customer: 'acme', confirm: 'acme' });
}

describe('calls to DynamoDB', () => {
  beforeAll(story, 60_000);

  test.each(names)('that %s makes are allowed to it, each of them', (name) => {
    const calls = [...(made.get(name)?.values() ?? [])];
    expect(calls.length).toBeGreaterThan(2);
    expect(calls.filter((call) => !may(name, call))).toEqual([]);
  });

  const all = [
    'GetItem',
    'BatchGetItem',
    'Query',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
    'Scan',
    'DescribeTable',
    'PartiQLDelete',
  ].map((operation) => ({ action: `dynamodb:${operation}` }));
  const calls: readonly TableCall[] = [...all, { action: 'dynamodb:Query', index: 'due' }, { action: 'dynamodb:Scan', index: 'due' }];
  const spoken = ({ action, index }: TableCall) => `${action}${index === undefined ? '' : ` on ${index}`}`;

  /**
   * What is seldom and not in the story. Several items at once: a hold that has ended with the decision after it (evaluate-service.ts),
   * the parts of a report of many queues, parts of a Region that became fewer. An update by discover: what it finds beside a service.
   */
  const seldom: Readonly<Record<FunctionName, readonly string[]>> = {
    ingest: ['dynamodb:BatchWriteItem'],
    tick: ['dynamodb:BatchWriteItem'],
    collect: ['dynamodb:BatchWriteItem'],
    scale: ['dynamodb:BatchWriteItem'],
    discover: ['dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
    admin: [],
  };

  test.each(names)('that %s does not make are refused to it', (name) => {
    const makes = made.get(name);
    const idle = calls.filter((call) => may(name, call) && !makes?.has(`${call.action} ${call.index ?? ''}`)).map(spoken);
    expect(idle.filter((call) => !seldom[name].includes(call))).toEqual([]);
  });
});
