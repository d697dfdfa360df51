import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

describe('sluice doctor --self without a Region', () => {
  it('tells that, and every other mistake that can be seen without asking', async () => {
    const terminal = aTerminal({
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      AWS_PROFILE: 'p',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    });
    expect(await runCommandLine(['doctor', '--self', '--json'], '1.2.3', terminal)).toBe(1);
    const { ok, checks } = JSON.parse(terminal.out());
    const wrong = checks.filter(({ result }: { result: string }) => result === 'wrong').map(({ what }: { what: string }) => what);
    expect(ok).toBe(false);
    expect(wrong).toEqual([
      expect.stringContaining('AWS_PROFILE and AWS_ACCESS_KEY_ID are both set'),
      expect.stringContaining('There is no profile p'),
      expect.stringContaining('AWS_REGION is not set'),
    ]);
  });
});
