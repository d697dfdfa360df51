import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveTemplate } from '../../../lib/iam/template.ts';
import { permissionsDocument } from '../../../lib/iam-policies/policy-document.ts';
import { policy } from './forms.ts';
import { printed } from './scopes.ts';

const place = { accountId: '111122223333', region: 'us-east-1' };
const file = (path: string) => readFileSync(resolve(import.meta.dirname, '../../..', path), 'utf8');
const statementsOf = (document: ReturnType<typeof policy>) =>
  new Map(document.statements.map((statement) => [statement.sid ?? '', statement]));

describe('the policy of irsa', () => {
  const { grants } = printed('irsa', { table: ['sluice-prod'] });
  const own = statementsOf(policy(permissionsDocument(grants[0] ?? expect.fail()), 'identity'));

  test('has for the store what infra/serve/role.yml grants for it, word for word', () => {
    const { managedPolicies } = resolveTemplate(file('infra/serve/role.yml'), {
      ...place,
      stackName: 'sluice-prod-serve',
      parameters: { Stage: 'prod', Place: 'ecs' },
    });
    const theirs = statementsOf(managedPolicies[0]?.document ?? expect.fail());
    for (const sid of ['ReadAndWriteTheTable', 'FindWhatIsDue', 'TellNotices']) expect(own.get(sid), sid).toEqual(theirs.get(sid));
  });

  test('has every call on the table that a function has', () => {
    const { roles } = resolveTemplate(file('infra/roles.yml'), { ...place, stackName: 'sluice-prod', outside: { Stage: 'prod' } });
    const table = 'arn:aws:dynamodb:us-east-1:111122223333:table/sluice-prod';
    const onTable = roles.flatMap(({ inline }) =>
      inline.flatMap(({ document }) =>
        document.statements.filter(({ resources }) => resources?.patterns.includes(table)).flatMap(({ actions }) => actions.patterns),
      ),
    );
    expect([...(own.get('ReadAndWriteTheTable')?.actions.patterns ?? [])].sort()).toEqual([...new Set(onTable)].sort());
  });
});
