import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

async function scriptOf(shell: string): Promise<string> {
  const terminal = aTerminal();
  expect(await runCommandLine(['completion', shell], '0.0.0', terminal)).toBe(0);
  return terminal.out();
}

describe('completion in bash', () => {
  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [['exp'], ['explain', 'explain-policy', 'export'], ['apply']],
    [['token', ''], ['list', 'create', 'rotate', 'revoke'], ['apply']],
    [['token', 'rotate', '--f'], ['--finish'], ['--file']],
    [['mode', 'web', 'o'], ['off', 'observe', 'out-only', 'on'], ['override']],
    [['pause', 'web', '--'], ['--in', '--out', '--for', '--json'], ['--min']],
    [['completion', ''], ['bash', 'zsh', 'fish'], []],
    [['iam', ''], ['observe', 'deploy-service', 'terragrunt'], ['apply']],
    [['iam', 'scale', '--ex'], ['--example', '--explain'], ['--exit-code']],
  ])('of %j offers what can follow', async (words, offered, not) => {
    const script = await scriptOf('bash');
    const line = `COMP_WORDS=(sluice ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const replies = execFileSync('bash', ['-c', `${script}\n${line}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(replies).toEqual(expect.arrayContaining([...offered]));
    for (const word of not) expect(replies).not.toContain(word);
  });
});

describe('completion in the other shells', () => {
  it('names every command, and nothing in it ends a quote too early', async () => {
    for (const shell of ['zsh', 'fish']) {
      const script = await scriptOf(shell);
      for (const command of ['status', 'rollback', 'principal']) expect(script).toContain(command);
      const quotes = script.replaceAll("'\\''", '').match(/'/g) ?? [];
      expect(quotes.length % 2).toBe(0);
    }
  });
});
