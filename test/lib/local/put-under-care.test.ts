import { describe, expect, it } from 'vitest';
import type { AdminClient } from '../../../lib/cli/admin-client.ts';
import type { Journal } from '../../../lib/journal.ts';
import { putUnderCare } from '../../../lib/local/put-under-care.ts';
import { watchTasks } from '../../../lib/local/watch-tasks.ts';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import type { ServiceConfig } from '../../../lib/policy/policy.ts';

const arn = (name: string, account: string) => `arn:aws:ecs:us-east-1:${account}:service/shop/${name}`;
function services(): ServiceConfig[] {
  const one = (name: string, account: string) =>
    `  ${name}:\n    arn: ${arn(name, account)}\n    tasks: { min: 1, max: 4 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`;
  const text = `customer: acme\nservices:\n${one('web', '111122223333')}${one('api', '111122223333')}${one('far', '444455556666')}`;
  const parsed = parsePolicyFile(text, { source: 'test', defaultMode: 'on' });
  if (!parsed.ok) throw new Error('the test file is wrong');
  return [...parsed.file.services];
}

/** The admin API of a run in which one account cannot be connected, and one service cannot be scaled. */
function setUp() {
  const asked: string[] = [];
  const roles: unknown[] = [];
  const told: string[] = [];
  const admin: AdminClient = {
    get: async () => undefined,
    post: async (path, body) => {
      asked.push(path);
      const { accountId } = body as { accountId?: string };
      if (path === '/v1/accounts')
        return { accountId, externalId: `id-of-${accountId}`, operatorAccountId: '000000000000', operatorStage: 'local' };
      if (path === '/v1/accounts/connect')
        return accountId === '444455556666'
          ? { connected: false, code: 'RoleNotAssumable', why: 'Denied.' }
          : { connected: true, accountId, warnings: [{ code: 'TrustTooOpen', why: 'Too open.' }] };
      return {
        services: [
          { customer: 'acme', name: 'web', arn: 'a', mode: 'on', token: 't-web' },
          { customer: 'acme', name: 'api', arn: 'b', mode: 'on', problem: { code: 'DaemonService', why: 'DAEMON.' } },
        ],
      };
    },
  };
  const journal: Pick<Journal, 'problem' | 'warn'> = {
    problem: (about, problem) => told.push(`${about.service} ${problem.code}`),
    warn: (message) => told.push(message),
  };
  const makeRole = async (account: unknown) => {
    roles.push(account);
    return 'arn:aws:iam::111122223333:role/sluice/r';
  };
  return { asked, roles, told, deps: { admin, makeRole, journal, now: () => 0, reportBase: 'http://127.0.0.1:1' } };
}

describe('putting services under care', () => {
  it('connects each account once, external ID before role before proof, and applies what is connected', async () => {
    const { asked, roles, deps } = setUp();
    const ready = await putUnderCare(deps, services());
    expect(asked).toEqual(['/v1/accounts', '/v1/accounts/connect', '/v1/accounts', '/v1/accounts/connect', '/v1/apply']);
    expect(roles[0]).toEqual({
      customer: 'acme',
      accountId: '111122223333',
      externalId: 'id-of-111122223333',
      serviceArns: [arn('web', '111122223333'), arn('api', '111122223333')],
    });
    expect(ready).toEqual([expect.objectContaining({ service: 'web', reportUrl: 'http://127.0.0.1:1/t-web', min: 1, max: 4 })]);
  });

  it('tells an account that cannot be connected as a problem of each of its services only', async () => {
    const { told, deps } = setUp();
    await putUnderCare(deps, services());
    expect(told).toEqual(['Too open.', 'far RoleNotAssumable']);
  });

  it('applies nothing where no account is connected', async () => {
    const { asked, deps } = setUp();
    expect(await putUnderCare(deps, services().slice(2))).toEqual([]);
    expect(asked).not.toContain('/v1/apply');
  });
});

describe('the tasks of a service', () => {
  const [web] = services();
  if (web === undefined) throw new Error('no service');

  it("are the stand-in's own word where there is one", () => {
    const tasks = watchTasks({ tasksOf: () => ({ running: 3, pending: 1, desired: 4 }) }, { lastSeen: async () => new Map() });
    expect(tasks.of(web)).toEqual({ running: 3, pending: 1, desired: 4 });
  });

  it('are as last seen elsewhere, and the desired count where a server starts no tasks', async () => {
    const seen = new Map([[web.arn, { running: 0, pending: 2, desired: 2 }]]);
    const tasks = watchTasks({ tasksOf: undefined }, { lastSeen: async () => seen });
    expect(tasks.of(web).running).toBeNull();
    await tasks.refresh();
    expect(tasks.of(web).running).toBe(2);
    seen.set(web.arn, { running: 1, pending: 1, desired: 2 });
    await tasks.refresh();
    expect(tasks.of(web).running).toBe(1);
  });
});
