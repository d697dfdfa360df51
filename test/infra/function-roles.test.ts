import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RequestContext } from '../../lib/iam/context.ts';
import { evaluate } from '../../lib/iam/evaluate.ts';
import { resolveTemplate, type TemplateRole } from '../../lib/iam/template.ts';

const account = '000000000000';
const region = 'eu-central-1';
const template = readFileSync(resolve(import.meta.dirname, '../../infra/roles.yml'), 'utf8');
const { roles } = resolveTemplate(template, { stackName: 'sluice-prod', accountId: account, region, outside: { Stage: 'prod' } });

const names = ['ingest', 'collect', 'tick', 'scale', 'discover', 'admin'] as const;
type Name = (typeof names)[number];

function roleOf(name: Name): TemplateRole {
  const role = roles.find(({ logicalId }) => logicalId.toLowerCase() === `${name}role`);
  if (!role) throw new Error(`infra/roles.yml has no role for ${name}`);
  return role;
}

/** Whether the role of a function may make a call, by the same evaluation that the local run enforces. */
function may(name: Name, action: string, resource: string, context: RequestContext = {}): boolean {
  const role = roleOf(name);
  const caller = {
    kind: 'role-session',
    partition: 'aws',
    accountId: account,
    roleArn: role.arn,
    roleId: 'AROAEXAMPLE',
    sessionName: `sluice-prod-${name}`,
  } as const;
  return evaluate({ caller, action, resource, context }, { identity: role.inline.map(({ document }) => document) }).allowed;
}

const table = `arn:aws:dynamodb:${region}:${account}:table/sluice-prod`;
const lambda = (name: string) => `arn:aws:lambda:${region}:${account}:function:sluice-prod-${name}`;
const logs = (name: string) =>
  `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/sluice-prod-${name}:log-stream:2026/11/22/[$LATEST]0`;
const bus = `arn:aws:events:${region}:${account}:event-bus/default`;
const deadLetters = `arn:aws:sqs:${region}:${account}:sluice-prod-scale-dead-letters`;
const customerRole = 'arn:aws:iam::111122223333:role/sluice/acme';
const withId = { 'sts:ExternalId': 'sluice-0123456789abcdef0123456789abcdef' };

const ofTable = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchWriteItem'].map((call) => `dynamodb:${call}`);

/** A call and the functions that make it: those may, all others may not. */
const calls: readonly (readonly [why: string, action: string, resource: string, context: RequestContext, makers: readonly Name[]])[] = [
  ...ofTable.map((action) => ['its own table', action, table, {}, names] as const),
  ['deleting single items, which only people do', 'dynamodb:DeleteItem', table, {}, ['admin']],
  ['what is due', 'dynamodb:Query', `${table}/index/due`, {}, ['tick', 'collect']],
  ['the stream', 'dynamodb:GetRecords', `${table}/stream/2026-11-01T00:00:00.000`, {}, ['scale']],
  ['the stream', 'dynamodb:GetShardIterator', `${table}/stream/2026-11-01T00:00:00.000`, {}, ['scale']],
  ['the stream', 'dynamodb:DescribeStream', `${table}/stream/2026-11-01T00:00:00.000`, {}, ['scale']],
  ['what it could not act upon', 'sqs:SendMessage', deadLetters, {}, ['scale']],
  ["a customer's role with its external ID", 'sts:AssumeRole', customerRole, withId, ['tick', 'collect', 'scale', 'discover', 'admin']],
  ["a customer's role without external ID, which only the proof of trust tries", 'sts:AssumeRole', customerRole, {}, ['discover', 'admin']],
  ['notices in its own name', 'events:PutEvents', bus, { 'events:source': 'sluice' }, names],
];

/** What no function may, whatever it is asked to. */
const never: readonly (readonly [why: string, action: string, resource: string, context?: RequestContext])[] = [
  ['the table of another stage', 'dynamodb:PutItem', `arn:aws:dynamodb:${region}:${account}:table/sluice-dev`],
  ['a scan', 'dynamodb:Scan', table],
  ['the table itself', 'dynamodb:DeleteTable', table],
  ['restoring over it', 'dynamodb:UpdateContinuousBackups', table],
  ["ECS with the operator's own role", 'ecs:UpdateService', 'arn:aws:ecs:us-east-1:111122223333:service/shop/web'],
  ["a role of a customer's that is none of Sluice's", 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/Admin', withId],
  ["a role of a customer's whose name only begins so", 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/sluice-admin', withId],
  ['roles of its own account', 'iam:PassRole', `arn:aws:iam::${account}:role/sluice/prod/x`],
  ['a function of another stage', 'lambda:InvokeFunction', `arn:aws:lambda:${region}:${account}:function:sluice-dev-tick`],
  ['the code of functions', 'lambda:UpdateFunctionCode', lambda('scale')],
  ['reading the logs', 'logs:GetLogEvents', logs('ingest')],
  ["events in another's name", 'events:PutEvents', bus, { 'events:source': 'aws.ecs' }],
  ['another bus', 'events:PutEvents', `arn:aws:events:${region}:${account}:event-bus/payments`, { 'events:source': 'sluice' }],
  ['reading dead letters', 'sqs:ReceiveMessage', deadLetters],
];

describe('the role of each function, evaluated', () => {
  for (const [why, action, resource, context, makers] of calls) {
    for (const name of names) {
      const allowed = makers.includes(name);
      test(`${name} ${allowed ? 'may' : 'may not'} ${action}: ${why}`, () => {
        expect(may(name, action, resource, context)).toBe(allowed);
      });
    }
  }

  test.each(names)('%s may none of what no function needs', (name) => {
    expect(never.filter(([, action, resource, context]) => may(name, action, resource, context)).map(([why]) => why)).toEqual([]);
  });

  test.each(names)('%s writes to its own log and to no other', (name) => {
    expect(names.filter((other) => may(name, 'logs:PutLogEvents', logs(other)))).toEqual([name]);
  });

  test.each<[Name, readonly string[]]>([
    ['ingest', []],
    ['collect', ['collect']],
    ['tick', ['tick']],
    ['scale', []],
    ['discover', ['discover']],
    ['admin', ['discover']],
  ])('%s invokes nothing but %j', (name, invoked) => {
    expect(names.filter((other) => may(name, 'lambda:InvokeFunction', lambda(other)))).toEqual(invoked);
  });

  test.each(names)('the role of %s can be taken up by Lambda and by nobody else', (name) => {
    const { trust } = roleOf(name);
    const assume = (service: string) =>
      evaluate(
        { caller: { kind: 'service', service }, action: 'sts:AssumeRole', resource: roleOf(name).arn, context: {} },
        { identity: [], trust },
      ).allowed;
    expect([assume('lambda.amazonaws.com'), assume('ecs-tasks.amazonaws.com')]).toEqual([true, false]);
  });
});
