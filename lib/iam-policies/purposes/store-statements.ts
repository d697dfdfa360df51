import { callsOf } from '../calls.ts';
import type { Call, PolicyStatement } from '../purpose.ts';
import { arnOf, elsewhere, type Scope, tableArn } from '../scope.ts';

/** What one process in place of the functions does with the table and the bus: the sum of what infra/roles.yml grants them for that, and what infra/serve/role.yml grants it. */
export const storeStatements = (scope: Scope): readonly PolicyStatement[] => [
  {
    sid: 'ReadAndWriteTheTable',
    actions: {
      'dynamodb:GetItem': 'Reads a service, a state, a count.',
      'dynamodb:BatchGetItem': 'Reads what is known of several services at once.',
      'dynamodb:Query': 'Reads reports, decisions and what else has several items.',
      'dynamodb:PutItem': 'Writes reports and decisions.',
      'dynamodb:UpdateItem': 'Writes a state only where it is still the one that was read.',
      'dynamodb:BatchWriteItem': 'Writes several reports at once.',
      'dynamodb:DeleteItem': 'What people do by the command line: services, tokens and accounts that go.',
    },
    resources: [tableArn(scope)],
  },
  { sid: 'FindWhatIsDue', actions: { 'dynamodb:Query': 'What is due at this minute.' }, resources: [`${tableArn(scope)}/index/due`] },
  {
    sid: 'TellNotices',
    actions: { 'events:PutEvents': "One event for each notice, in Sluice's own name." },
    resources: [busArn(scope)],
    conditions: { StringEquals: { 'events:source': 'sluice' } },
  },
];

const busArn = (scope: Scope) => arnOf(scope, 'events', 'event-bus/default');

export const storeAllows = (of: string, scope: Scope): readonly Call[] => {
  const call = callsOf(of);
  return [
    ...['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((action) =>
      call('read and write items', `dynamodb:${action}`, tableArn(scope)),
    ),
    call('find what is due', 'dynamodb:Query', `${tableArn(scope)}/index/due`),
    call('tell a notice', 'events:PutEvents', busArn(scope), { 'events:source': 'sluice' }),
  ];
};

export const storeRefuses = (of: string, scope: Scope): readonly Call[] => {
  const call = callsOf(of);
  return [
    call('read the whole table', 'dynamodb:Scan', tableArn(scope)),
    call('delete the table', 'dynamodb:DeleteTable', tableArn(scope)),
    call('read another table', 'dynamodb:GetItem', `${tableArn(scope)}-2`),
    call("read another account's table", 'dynamodb:GetItem', tableArn(elsewhere(scope))),
    call("tell events in another's name", 'events:PutEvents', busArn(scope), { 'events:source': 'aws.ecs' }),
  ];
};
