import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { aTerminal } from './terminal.ts';

async function run(...args: string[]) {
  const terminal = aTerminal({});
  const code = await runCommandLine(['estimate', ...args], '1.2.3', terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('sluice estimate', () => {
  it('prints the bill by line, its total, what CloudWatch asks, and where the figures are from', async () => {
    const { code, out, err } = await run('--services', '200', '--tasks', '10');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const line of [/^Lambda requests, ingest +105\.12 {2}/m, /^DynamoDB writes +\d+\.\d\d/m, /^STS +0\.00/m, /^total +\d+\.\d\d/m])
      expect(out).toMatch(line);
    expect(out).toMatch(/custom metric of the queue, each 10 s +705\.60/);
    expect(out).toMatch(/GetMetricData, each CloudWatch target of a policy +0\.44/);
    expect(out).toContain('npm run bench:load -- bill --write');
  });

  it('prints one JSON document whose lines add up to its total', async () => {
    const { code, out } = await run('--services', '3', '--tasks', '2', '--interval', '30s', '--busy', '0%', '--json');
    expect(code).toBe(0);
    const json = JSON.parse(out) as { lines: { usd: number }[]; total: number; prices: object; counts: object; intervalSeconds: number };
    expect(json.lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(json.total, 9);
    expect(json).toMatchObject({ services: 3, tasks: 2, intervalSeconds: 30, busy: 0, prices: { region: 'us-east-1', currency: 'USD' } });
  });

  it('names the Regions that it has prices of when it is asked for another', async () => {
    const { code, out, err } = await run('--services', '1', '--tasks', '1', '--region', 'eu-central-1');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('no prices of "eu-central-1"; there are those of us-east-1');
  });

  it('tells all mistakes at once', async () => {
    const { code, out, err } = await run('--services', '0', '--tasks', 'many', '--interval', '2s', '--region', 'mars', '--busy', '200%');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const mistake of ['--services', '--tasks', '--interval: "2s"', '--region: there are no prices of "mars"', '--busy: "200%"'])
      expect(err).toContain(mistake);
  });

  it('asks for what is missing', async () => {
    const { code, err } = await run();
    expect(code).toBe(2);
    expect(err).toContain('--services');
    expect(err).toContain('--tasks');
  });
});
