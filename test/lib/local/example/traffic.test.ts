import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFor } from '../../../../lib/local/example/load-model.ts';
import { startTraffic, type TrafficTarget } from '../../../../lib/local/example/traffic.ts';
import { playArrivals, runningTasksOf } from '../../../../lib/local/example/traffic-thread.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-traffic-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that prints what it was started with and told. */
function entry(name: string, code: string): URL {
  const path = join(folder, name);
  writeFileSync(path, `import { parentPort, workerData } from 'node:worker_threads';\n${code}\n`);
  return pathToFileURL(path);
}
const target = (over: Partial<TrafficTarget> = {}): TrafficTarget => ({
  kind: 'web',
  reportUrl: 'http://127.0.0.1:1/t',
  load: loadFor('web', { min: 1, max: 2 }, 1),
  queues: [],
  running: () => 3,
  ...over,
});

async function firstWord(code: string): Promise<string> {
  const url = entry(`thread-${Math.random()}.mjs`, code);
  let traffic: ReturnType<typeof startTraffic> | undefined;
  const word = await new Promise<string>((resolve) => {
    traffic = startTraffic({
      targets: [target()],
      entries: { web: url, jobs: url },
      reportSeconds: 1,
      onProblem: (_kind, why) => resolve(why),
    });
  });
  await traffic?.stop();
  return word;
}

describe("the example's threads", () => {
  it('have an environment of their own, without what the machine has', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'real';
    const env = JSON.parse(await firstWord('console.log(JSON.stringify(process.env));'));
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    expect(env).toMatchObject({ JUDOSCALE_CONTAINER: 'example-web' });
    expect(env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  });

  it('are told how many tasks run', async () => {
    expect(await firstWord("parentPort.on('message', (message) => console.log(JSON.stringify(message)));")).toBe('{"running":3}');
  });

  it('keep what they print and what they fail with out of our output, and tell it as trouble', async () => {
    expect(await firstWord("console.error('adapter: no');")).toBe('adapter: no');
    expect(await firstWord("throw new Error('broken');")).toBe('broken');
  });
});

describe('a thread', () => {
  it('takes counts from its messages and nothing else', () => {
    expect([{ running: 2 }, { running: 0 }, { running: -1 }, { running: 1.5 }, { running: '2' }, null, 'x'].map(runningTasksOf)).toEqual([
      2,
      0,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('plays arrivals at their times, and those that are late at once', async () => {
    const began = Date.now();
    const at: number[] = [];
    await new Promise<void>((resolve) => {
      playArrivals([0, 20, 21, 60][Symbol.iterator](), () => {
        at.push(Date.now() - began);
        if (at.length === 4) resolve();
      });
    });
    expect(at[3]).toBeGreaterThanOrEqual(58);
    expect(at[1]).toBeLessThan(55);
  });
});
