import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aPolicy } from '../../builders/policies.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';
import { serveAdmin } from './admin-server.ts';
import { aTerminal } from './terminal.ts';

const arn = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';

async function shop() {
  const system = wholeSystem();
  await system.connect('acme');
  await system.connect('umbrella', '444455556666');
  system.aws.put({ arn, desired: 2, running: 2 });
  await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn, policy: aPolicy({ min: 1, max: 40 }) }]);
  const { url, close } = await serveAdmin(system);
  const run = async (...args: string[]) => {
    const terminal = aTerminal({ SLUICE_URL: url });
    return { code: await runCommandLine(args, '1.2.3', terminal), out: terminal.out(), err: terminal.err() };
  };
  return { system, close, run };
}

describe('a customer that there is not', () => {
  it.each([
    ['services'],
    ['status'],
    ['doctor'],
    ['get'],
    ['export', '/nonexistent'],
    ['tail', '--for', '1s'],
    ['pause'],
    ['resume'],
    ['changes'],
    ['explain', 'web'],
  ])('sluice %s --customer nobody: ends with 2, and names those that there are', async (...args) => {
    const { close, run } = await shop();
    const { code, out, err } = await run(...args, '--customer', 'nobody');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/nobody.*There are: acme, umbrella\./);
    await close();
  });

  it('is not mistaken for one that has an account and no service yet', async () => {
    const { close, run } = await shop();
    for (const command of ['services', 'status', 'doctor', 'get', 'changes']) {
      const { code, err } = await run(command, '--customer', 'umbrella');
      expect({ command, err, mistaken: code === 2 }).toEqual({ command, err: '', mistaken: false });
    }
    await close();
  });

  it('is not named to who is limited to another, nor refused where it is their own', async () => {
    const { system, close } = await shop();
    const people = 'arn:aws:sts::000000000000:assumed-role/nobody-people/x';
    await system.api('POST', '/v1/principals', { arn: people, customer: 'nobody' });
    expect(await system.apiAs(people, 'GET', '/v1/services')).toEqual({ status: 200, body: { services: [] } });
    await close();
  });
});

describe('an override over the cap', () => {
  it('is stored, and told with the cap that wins over it', async () => {
    const { close, run } = await shop();
    const { code, out, err } = await run('override', 'web', '--min', '50', '--for', '1h');
    expect(code).toBe(0);
    expect(out).toContain('min 50 until');
    expect(err).toBe(
      'min 50 is over the cap of web, which is 40 by tasks.max of its policy: the cap wins, and it runs 40 tasks at most. Raise that first if more are wanted.\n',
    );
    const other = JSON.parse((await run('override', 'web', '--max', '20', '--for', '1h', '--name', 'sale', '--json')).out);
    expect(other.warnings).toEqual([expect.stringContaining('which is 20 by an override')]);
    expect((await run('override', 'web', '--clear')).err).toBe('');
    expect((await run('override', 'web', '--min', '40', '--for', '1h')).err).toBe('');
    await close();
  });
});
