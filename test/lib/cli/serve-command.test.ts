import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

const refused = async (...args: string[]) => {
  const terminal = aTerminal({});
  const code = await runCommandLine(['serve', ...args], '1.2.3', terminal);
  return { code, out: terminal.out(), problems: terminal.err().trim().split('\n') };
};

describe('sluice serve', () => {
  it('refuses with --local what would do nothing there, all at once', async () => {
    const { code, out, problems } = await refused('--local', 'eks', '--parts', 'tick', '--table', 'mine', '--drain', '0s');
    expect([code, out]).toEqual([2, '']);
    expect(problems).toEqual(['--table', '--parts', '--drain'].map((flag) => expect.stringContaining(`${flag} does nothing with --local`)));
  });

  it('refuses without --local what is for it alone', async () => {
    const { code, problems } = await refused('--no-traffic', '--aws-port', '0');
    expect(code).toBe(2);
    expect(problems).toEqual(['--aws-port', '--no-traffic'].map((flag) => expect.stringContaining(`${flag} is for --local`)));
  });
});
