import { expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

/** Nobody listens there: what is refused is refused before anything is sent. */
const run = async (...args: string[]) => {
  const terminal = aTerminal({});
  return {
    code: await runCommandLine([...args, '--url', 'http://127.0.0.1:9'], '1.2.3', terminal),
    out: terminal.out(),
    err: terminal.err(),
  };
};
const connect = ['connect', '111122223333', '--customer', 'acme'];

it.each([
  ['an account id with hyphens', ['connect', '1111-2222-3333', '--customer', 'acme'], 'twelve digits, without spaces or hyphens'],
  ['no customer', ['connect', '111122223333'], '--customer'],
  ['the ARN of a user', [...connect, '--role-arn', 'arn:aws:iam::111122223333:user/me'], 'must name a role'],
  ['the ARN of a session', [...connect, '--role-arn', 'arn:aws:sts::111122223333:assumed-role/x/y'], 'this is the ARN of a session'],
  ['a role name alone', [...connect, '--role-arn', 'sluice-role'], 'a role ARN looks like arn:aws:iam::'],
  ['an external ID', [...connect, '--external-id', 'acme-1'], 'an external ID is never given: Sluice makes it'],
  ['a template that is not in S3', [...connect, '--template-url', 'https://example.org/t'], 'templates from S3 alone'],
  ['a Region that is none', [...connect, '--region', 'Ireland'], 'one like us-east-1'],
  ['an account id to disconnect that is none', ['disconnect', 'acme', '--customer', 'acme'], 'twelve digits'],
  ['no service to enable', ['enable'], 'service'],
])('%s is a mistake: exit code 2 and the rule', async (_, args, rule) => {
  expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(rule) });
});

it('all that is wrong is told at once', async () => {
  const { err } = await run('connect', '1', '--customer', 'acme', '--role-arn', 'x', '--external-id', 'y', '--template-url', 'z');
  expect(err.trim().split('\n')).toHaveLength(4 + 1);
});

it('a Sluice that does not answer is a failure: exit code 1', async () => {
  expect(await run(...connect)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('could not be reached') });
});
