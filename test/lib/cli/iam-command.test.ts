import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { PURPOSE_NAMES } from '../../../lib/iam-policies/purpose.ts';
import { aTerminal } from './terminal.ts';

async function iam(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = aTerminal();
  const code = await runCommandLine(['iam', ...args], '0.0.0', terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('sluice iam', () => {
  it.each(PURPOSE_NAMES)('%s prints by example in every format, explains each action and shows what it refuses', async (purpose) => {
    const { out } = await iam(purpose, '--example');
    expect(JSON.stringify(JSON.parse(out))).toContain('"Version":"2012-10-17"');
    for (const [format, part] of [
      ['cloudformation', "AWSTemplateFormatVersion: '2010-09-09'"],
      ['terraform', 'policy = jsonencode({'],
    ]) {
      const printed = await iam(purpose, '--example', '--format', format ?? '');
      expect(printed).toMatchObject({ code: 0, err: '', out: expect.stringContaining(part ?? '') });
    }
    const { text, reasons, calls, documents } = JSON.parse((await iam(purpose, '--example', '--json', '--explain')).out);
    for (const { action, why } of reasons) {
      expect(text).toContain(action);
      expect(text).toContain(why);
    }
    expect(documents.length).toBeGreaterThan(0);
    const checked = await iam(purpose, '--example', '--check');
    expect(checked).toMatchObject({ code: 0, out: expect.stringMatching(/calls must be allowed, \d+ refused: all of them are\.\n$/) });
    for (const { does } of calls) expect(checked.out).toContain(does);
  });

  it('prints a policy that the AWS CLI takes as it is, and of several documents one by name', async () => {
    const scale = ['scale', '--account', '111122223333', '--region', 'eu-west-1', '--service', 'shop/web'];
    expect(JSON.parse((await iam(...scale)).out)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'SeeServices',
          Effect: 'Allow',
          Action: 'ecs:DescribeServices',
          Resource: 'arn:aws:ecs:eu-west-1:111122223333:service/shop/web',
        },
        {
          Sid: 'ChangeDesiredCount',
          Effect: 'Allow',
          Action: 'ecs:UpdateService',
          Resource: 'arn:aws:ecs:eu-west-1:111122223333:service/shop/web',
        },
      ],
    });
    const both = JSON.parse((await iam('irsa', '--example')).out);
    expect(Object.keys(both)).toEqual(['trust', 'permissions']);
    expect(JSON.parse((await iam('irsa', '--example', '--document', 'trust')).out)).toEqual(both.trust);
    expect(Object.keys(JSON.parse((await iam('deploy-sluice', '--example')).out))).toEqual([
      'deploy-trust',
      'deploy',
      'stack-trust',
      'stack',
    ]);
    expect(await iam('irsa', '--example', '--document', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('trust, permissions'),
    });
    expect(await iam('irsa', '--example', '--document', 'trust', '--format', 'terraform')).toMatchObject({ code: 2, out: '' });
  });

  it('an unknown purpose is exit code 2, with the list', async () => {
    const { code, out, err } = await iam('everything', '--example');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const purpose of PURPOSE_NAMES) expect(err).toContain(purpose);
    expect(await iam()).toMatchObject({ code: 2, out: '' });
  });

  it('what is missing, wild or foreign is exit code 2, a line for each and nothing on stdout', async () => {
    const { code, out, err } = await iam(
      'deploy-service',
      ...['--region', 'eu-west-1', '--account', '111122223333', '--service', 'shop/*', '--role', 'arn:aws-cn:iam::444455556666:role/task'],
      ...['--table', 'locks'],
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const lines = err.trim().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^sluice iam deploy-service: --/);
    for (const rule of ['wildcards are refused', 'another account', 'another partition', 'narrows nothing']) expect(err).toContain(rule);
    expect(await iam('scale', '--example', '--explain', '--check')).toMatchObject({ code: 2, out: '' });
  });

  it('roles tells the roles of ECS, and which of them Sluice is', async () => {
    const { roles } = JSON.parse((await iam('roles', '--json')).out);
    const { out } = await iam('roles');
    for (const { name, kind, managedPolicies, trusts } of roles)
      for (const part of [`${kind}: ${name}`, ...managedPolicies, ...trusts]) expect(out).toContain(part);
    for (const kind of [
      'task role',
      'task execution role',
      'container instance role',
      'service-linked role',
      'events role',
      'CodeDeploy role',
    ])
      expect(out).toContain(`${kind}: `);
    expect(roles.filter(({ sluice }: { sluice: string }) => sluice.startsWith('Sluice.'))).toHaveLength(1);
  });

  it('roles takes no scope, since there is nothing to narrow', async () => {
    const { code, out, err } = await iam('roles', '--account', '111122223333', '--format', 'terraform');
    expect([code, out]).toEqual([2, '']);
    for (const flag of ['--account', '--format']) expect(err).toContain(`${flag} does nothing here`);
  });

  it('help names every purpose with what it needs', async () => {
    const { out } = await iam('--help');
    for (const purpose of PURPOSE_NAMES) expect(out).toContain(`\n  ${purpose}\n`);
    expect(out).toContain('--cluster --oidc-provider --namespace --service-account');
  });
});
