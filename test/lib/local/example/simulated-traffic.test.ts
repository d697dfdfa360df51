import { describe, expect, it } from 'vitest';
import { loadFor } from '../../../../lib/local/example/load-model.ts';
import { simulateJobs, simulateWebApp } from '../../../../lib/local/example/simulated-traffic.ts';
import { createVirtualClock } from '../../../../lib/virtual-clock.ts';

interface Body {
  metrics: [number, number, string, string | null][];
}
const start = Date.UTC(2026, 0, 1);
const worst = (bodies: readonly Body[], id: string) =>
  Math.max(0, ...bodies.flatMap((body) => body.metrics.filter((m) => m[2] === id).map((m) => m[1])));

async function run(kind: 'web' | 'jobs', running: number, ms: number): Promise<Body[]> {
  const clock = createVirtualClock(start);
  const stop = new AbortController();
  const bodies: Body[] = [];
  const options = {
    clock,
    load: loadFor(kind, { min: 2, max: 12 }, 7),
    running: () => running,
    reportMs: 1_000,
    signal: stop.signal,
    post: async (body: string) => {
      bodies.push(JSON.parse(body));
    },
  };
  const ended = kind === 'web' ? simulateWebApp(options) : simulateJobs({ ...options, queues: ['default'] });
  await clock.advance(ms);
  stop.abort();
  await clock.advance(0);
  await ended;
  return bodies;
}

describe('the simulated example', () => {
  it('reports every second, with queue time, app time and utilisation of the web app', async () => {
    const bodies = await run('web', 2, 6_000);
    expect(bodies).toHaveLength(6);
    expect(new Set(bodies.flatMap((body) => body.metrics.map((m) => m[2])))).toEqual(new Set(['qt', 'at', 'up']));
    expect(worst(bodies, 'qt')).toBeLessThan(2_000);
  });

  it('queues seconds long when the wave meets the fewest tasks, and not with the most', async () => {
    const [few, many] = [await run('web', 2, 30_000), await run('web', 12, 30_000)];
    expect(worst(few, 'qt')).toBeGreaterThan(5_000);
    expect(worst(many, 'qt')).toBeLessThan(50);
  });

  it('reports depth, busy and latency of the job queue', async () => {
    const bodies = await run('jobs', 1, 30_000);
    expect(worst(bodies, 'busy')).toBe(1);
    expect(worst(bodies, 'qd')).toBeGreaterThan(20);
    expect(worst(bodies, 'qt')).toBeGreaterThan(5_000);
  });

  it('still reports queues while no task runs', async () => {
    const bodies = await run('jobs', 0, 10_000);
    expect(bodies).toHaveLength(10);
    expect(worst(bodies, 'busy')).toBe(0);
    expect(worst(bodies, 'qd')).toBeGreaterThan(0);
  });
});
