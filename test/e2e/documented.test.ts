import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, root, runToEnd, scratch } from './local-run.ts';

const page = readFileSync(join(root, 'docs', 'iam.md'), 'utf8');
const commands = [...page.matchAll(/`npx sluice (serve [^`]+)`/g)].map(([, command = '']) => command.split(' '));
const folders: { remove(): void }[] = [];

beforeAll(() => void build(), 90_000);
afterAll(() => {
  for (const folder of folders) folder.remove();
});

describe('what docs/iam.md shows of serve', () => {
  it('is a command for each place', () => {
    expect(commands.map(([, , place]) => place)).toEqual(['eks', 'ecs-profile', 'ecs']);
  });

  it.concurrent.each(commands.map((command) => [command.join(' '), command] as const))(
    'runs as printed, if for less long: %s',
    async (_, command) => {
      const folder = scratch();
      folders.push(folder);
      const shorter = ['--for', '4s', '--port', '0', '--aws-port', '0', '--no-traffic'];
      const { code, stdout, stderr } = await runToEnd([...command, ...shorter], { XDG_RUNTIME_DIR: folder.path });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines: { type: string; action?: string; sessionName?: string; account?: string; externalId?: boolean; allowed?: boolean }[] =
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      const calls = lines.filter(({ type, allowed }) => type === 'call' && allowed);
      if (command.includes('eks'))
        expect(calls[0]).toMatchObject({ action: 'AssumeRoleWithWebIdentity', sessionName: 'sluice.sluice.serve' });
      if (command.includes('ecs-profile'))
        expect(calls[0]).toMatchObject({ action: 'AssumeRole', externalId: true, account: '000000000000' });
      expect(calls.find(({ sessionName }) => sessionName === 'sluice.sluice.read')).toMatchObject({
        account: '111122223333',
        externalId: true,
      });
    },
    30_000,
  );
});
