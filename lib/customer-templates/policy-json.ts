import type { Statement } from './statement.ts';
import { TRUST } from './trust.ts';

/** `${OperatorAccountId}` as it stands in plain JSON: OPERATOR_ACCOUNT_ID, for whoever fills it in. */
const capitals = (text: string): string =>
  text.replace(/\$\{(\w+)\}/g, (_, name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase());

const LISTS = { Services: 'SERVICE_ARN', Queues: 'QUEUE_ARN' } as const;

const oneOrMore = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

const filled = (conditions: Statement['conditions']) =>
  Object.fromEntries(
    Object.entries(conditions ?? {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, capitals(value)])),
    ]),
  );

/** A policy as plain JSON, words in capitals in place of what differs from customer to customer. */
export const policyJson = (statements: readonly Statement[]): object => ({
  Version: '2012-10-17',
  Statement: statements.map(({ sid, actions, resources, conditions }) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: oneOrMore(actions),
    Resource: 'each' in resources ? [LISTS[resources.each]] : oneOrMore(resources.map(capitals)),
    ...(conditions === undefined ? {} : { Condition: filled(conditions) }),
  })),
});

/** The role's trust policy, likewise. */
export const trustJson = (): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: TRUST.sid,
      Effect: 'Allow',
      Principal: { AWS: capitals(TRUST.principal) },
      Action: TRUST.action,
      Condition: filled(TRUST.conditions),
    },
  ],
});
