import { expect, it } from 'vitest';
import { deleteStack, putStack } from '../../../../lib/local/stand-in/put-stack.ts';
import { EXTERNAL_ID, OTHER_ACCOUNT, setStage, templates } from './stage.ts';

const read = {
  accountId: OTHER_ACCOUNT,
  stackName: 'mine',
  template: templates.customerRead,
  parameters: { OperatorAccountId: '000000000000', OperatorStage: 'local', ExternalId: EXTERNAL_ID },
};

it('makes a stack from the text of a template, answers its outputs, and deletes it with its role', () => {
  const { identities } = setStage().standIn;
  const made = putStack(read, identities);
  expect(made).toMatchObject({ ok: true, body: { stackName: 'mine', outputs: { TemplateVersion: expect.stringMatching(/^\d+$/) } } });
  const roles = identities.rolesOf(OTHER_ACCOUNT).length;
  expect(deleteStack({ accountId: OTHER_ACCOUNT, stackName: 'mine' }, identities)).toMatchObject({ ok: true, body: { deleted: true } });
  expect(identities.rolesOf(OTHER_ACCOUNT)).toHaveLength(roles - 1);
  expect(deleteStack({ accountId: OTHER_ACCOUNT, stackName: 'mine' }, identities)).toMatchObject({ ok: true, body: { deleted: false } });
});

it.each([
  [
    'a parameter that its template refuses',
    { ...read, parameters: { ...read.parameters, ExternalId: 'acme' } },
    'must be the ID that Sluice gave you',
  ],
  ['a template that is none', { ...read, template: 'Resources: 3' }, 'a map is needed'],
  ['no template', { ...read, template: undefined }, 'template: must be the text of a CloudFormation template'],
  ['an account that is none', { ...read, accountId: '1' }, 'accountId: must be twelve digits'],
  ['a name that CloudFormation does not take', { ...read, stackName: '1 2' }, 'stackName: must be letters'],
  ['something unknown', { ...read, capabilities: [] }, 'capabilities'],
])('refuses %s and says so', (_, body, says) => {
  const put = putStack(body, setStage().standIn.identities);
  expect(put).toMatchObject({ ok: false, problems: [expect.stringContaining(says)] });
});
