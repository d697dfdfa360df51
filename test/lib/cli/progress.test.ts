import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aPolicy } from '../../builders/policies.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';
import { serveAdmin } from './admin-server.ts';
import { aTerminal } from './terminal.ts';

const arn = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const roleArn = 'arn:aws:iam::111122223333:role/sluice/acme';
const TAKEN_AWAY = '\r\u001b[K';

let folder = '';
let file = '';
let url = '';
let close = async () => {};
let change = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-progress-'));
  file = join(folder, 'sluice.yml');
  writeFileSync(
    file,
    `customer: acme\nservices:\n  web:\n    arn: ${arn}\n    tasks: { min: 1, max: 9 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`,
  );
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn, desired: 2, running: 2 });
  await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn, policy: aPolicy({ min: 1 }) }]);
  await system.api('POST', '/v1/mode', { customer: 'acme', service: 'web', mode: 'observe' });
  const { body } = await system.api('GET', '/v1/changes', {}, { customer: 'acme' });
  change =
    (body as { changes: { id: string; what: string; summary: string }[] }).changes.find(({ summary }) => summary.includes('from mode'))
      ?.id ?? '';
  ({ url, close } = await serveAdmin(system));
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], isTTY: boolean) {
  const terminal = aTerminal({ SLUICE_URL: url });
  const code = await runCommandLine(args, '1.2.3', { ...terminal, stderr: Object.assign(terminal.stderr, { isTTY }) });
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('what takes long', () => {
  it.each([
    ['doctor', ['doctor'], 'Looking at account 111122223333, 1 of 1 …'],
    ['doctor, before its accounts', ['doctor'], 'Looking at Sluice …'],
    ['connect, first', ['connect', '111122223333', '--customer', 'acme'], 'Making the external ID of account 111122223333 …'],
    ['connect, then', ['connect', '111122223333', '--customer', 'acme', '--role-arn', roleArn], `Proving what ${roleArn} lets in …`],
    ['services', ['services'], 'Reading what is under care'],
    ['status', ['status'], 'Reading the state of all services …'],
    ['diff', ['diff'], 'Comparing with what is stored …'],
    ['rollback', ['rollback'], 'Putting back what was before'],
    ['apply', ['apply'], 'Applying 1 service …'],
    ['disconnect', ['disconnect', '111122223333', '--customer', 'acme'], 'Taking services of account 111122223333 out of care, 0 so far …'],
    ['forget', ['forget', 'acme', '--yes'], 'Deleting what is stored of acme …'],
  ])('%s says on a terminal what it does, on stderr, and takes it away again', async (_, given, said) => {
    const args =
      given[0] === 'rollback'
        ? ['rollback', change, '--customer', 'acme']
        : ['apply', 'diff'].includes(given[0] ?? '')
          ? [...given, file]
          : given;
    // What only reads is as good twice: elsewhere than on a terminal nothing is said.
    if (['doctor', 'services', 'status', 'diff'].includes(args[0] ?? '')) expect((await run(args, false)).err).not.toContain('…');
    const { out, err } = await run(args, true);
    expect(err).toContain(said);
    expect(err.split('…').length).toBe(err.split(TAKEN_AWAY).length);
    expect(out).not.toContain('…\r');
  });
});
