import { describe, expect, test } from 'vitest';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import type { Digest } from '../../../lib/reports/digest.ts';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import type { ObservedReport } from '../../../lib/signals/observed-report.ts';
import { PublishedHistory } from '../../../lib/simulate/published-history.ts';
import { randomStream } from '../../../lib/simulate/random-stream.ts';
import { simulate } from '../../../lib/simulate/run-simulation.ts';
import type { Scenario, SecondSample } from '../../../lib/simulate/scaler.ts';
import { slotReport } from '../../../lib/simulate/simulated-report.ts';
import { defaultService, EPOCH, sluiceScaler } from '../../../lib/simulate/sluice-scaler.ts';
import { Waits } from '../../../lib/simulate/waits.ts';
import { aSetting } from '../../builders/simulations.ts';
import { aJobsTrace, stepUp } from '../../builders/traces.ts';

const scenario: Scenario = { kind: 'requests', min: 1, max: 50, concurrency: 8, serviceMs: 200, sloMs: 200, startUpMs: 23_000 };
const QUIET: SecondSample = { arrived: 0, finished: 0, waiting: 0, inService: 0, oldestMs: 0, busyShare: 0.5, running: 3, desired: 3 };

describe('what Sluice sees in a simulation', () => {
  test('is what it would see of the same requests in reports of three tasks, as ingest digests them', () => {
    const random = randomStream(1, 'requests');
    const history = new PublishedHistory();
    const samples: unknown[][][] = [[], [], []];
    const seconds = 100;
    const reports: ObservedReport[] = [];
    for (let t = 0; t < seconds; t++) {
      const waits = new Waits();
      const count = random.poisson(12);
      for (let i = 0; i < count; i++) {
        const ms = Math.floor(random.exponential(80));
        const at = EPOCH / 1_000 + t + 0.5;
        waits.add(ms, 1);
        samples[i % 3]?.push([at, ms, 'qt', null], [at, 200, 'at', null]);
      }
      history.add(t, { ...QUIET, arrived: count, finished: count }, waits, true);
      if (t % 10 !== 9) continue;
      samples.forEach((metrics, task) => {
        const { digest } = digestReport({ metrics: metrics.splice(0) } as never, EPOCH + (t + 1) * 1_000);
        reports.push({ service: 'simulated', reporter: `task-${task}`, slotAt: EPOCH + (t - 9) * 1_000, digest });
      });
    }
    const now = EPOCH + seconds * 1_000;
    const { policy } = defaultService(scenario);
    const real = observeTargets(policy, 'simulated', reports, now).targets[0];
    const simulated = Array.from(
      { length: seconds / 10 },
      (_, slot) => slotReport(scenario, history, 'simulated', ['default'], slot * 10, EPOCH) as ObservedReport,
    );
    const seen = observeTargets(policy, 'simulated', simulated, now).targets[0];

    const withoutTimes = (reading: unknown) => ({ ...(reading as object), at: 0 });
    expect(withoutTimes(seen?.reading)).toEqual(withoutTimes(real?.reading));
    expect(withoutTimes(seen?.recent)).toEqual(withoutTimes(real?.recent));
    expect(seen).toMatchObject({ label: real?.label, samples: real?.samples });
    const comparable = (points: typeof real) =>
      points?.series.map(({ at, requests, serviceMs, valueMs, samples: n }) => ({ at, requests, serviceMs, valueMs, n }));
    expect(comparable(seen)).toEqual(comparable(real));
  });

  test('of jobs is the age of the oldest, the depth and what runs, of the queue that the policy names', () => {
    const history = new PublishedHistory();
    for (let t = 0; t < 10; t++) history.add(t, { ...QUIET, waiting: 7, inService: 3, oldestMs: 4_500 }, new Waits(), true);
    const { digest } = slotReport({ ...scenario, kind: 'jobs' }, history, 'simulated', ['mailers', 'imports'], 0, EPOCH) as {
      digest: Digest;
    };
    const at = EPOCH + 9_999;
    expect(digest.queues.get('mailers')).toEqual({ latency: { value: 4_500, at }, depth: { value: 7, at }, busy: { value: 3, at } });
    expect(digest.queues.get('imports')).toEqual({ latency: { value: 0, at }, depth: { value: 0, at }, busy: { value: 0, at } });
  });

  test('is nothing where measurements were lost, or where no task is there to report requests', () => {
    const history = new PublishedHistory();
    for (let t = 0; t < 10; t++) history.add(t, QUIET, new Waits(), false);
    for (let t = 10; t < 20; t++) history.add(t, { ...QUIET, running: 0 }, new Waits(), true);
    expect(slotReport(scenario, history, 'simulated', ['default'], 0, EPOCH)).toBeUndefined();
    expect(slotReport(scenario, history, 'simulated', ['default'], 10, EPOCH)).toBeUndefined();
    expect(slotReport({ ...scenario, kind: 'jobs' }, history, 'simulated', ['default'], 10, EPOCH)).toBeDefined();
  });
});

describe('Sluice in a simulation', () => {
  test('scales out when the load steps up, in again when the backlog is gone, and says why', () => {
    const trace = stepUp(40, 6, 1_800, 3_600);
    const { report, series } = simulate({ ...aSetting(trace), scaler: (given) => sluiceScaler(given) });
    expect(report.scaler).toBe('sluice');
    expect(report.maxTasks).toBeGreaterThanOrEqual(7);
    // The load steps up at 1,800 s less the phase, which is under a minute.
    const first = series.marks.find(({ at }) => at > 1_740);
    expect(first?.at).toBeLessThan(1_840);
    expect(first?.to).toBeGreaterThan(first?.from ?? 0);
    expect(first?.why).toMatch(/simulated/);
    // What drains the backlog is ordered once, as soon as the load is known, and goes when the backlog has.
    const since = series.marks.filter(({ at }) => at > 1_740);
    expect(since.filter(({ from, to }) => to > from).length).toBeLessThanOrEqual(2);
    const last = since.at(-1);
    expect(last?.to).toBeLessThan(last?.from ?? 0);
    expect(last?.to).toBeGreaterThan(6);
  });

  test('holds while measurements are missing, and never scales in on them', () => {
    const faults = [{ kind: 'metric-outage', from: 1_200, to: 2_400 }] as const;
    const { series } = simulate({ ...aSetting(stepUp(240, 0.1, 1_200, 2_400)), faults, scaler: (given) => sluiceScaler(given) });
    expect(series.marks.filter(({ at, from, to }) => at > 1_290 && to < from)).toEqual([]);
  });

  test('runs the policy of a service, whatever its mode', () => {
    const text = `services:
  worker:
    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/worker
    mode: off
    tasks: { min: 0, max: 30 }
    scale: [{ job-depth: { queues: [imports], per-task: 2 } }]
`;
    const parsed = parsePolicyFile(text, { source: 'test', defaultMode: 'observe' });
    const service = parsed.ok ? parsed.file.services[0] : undefined;
    const { report } = simulate({
      ...aSetting(aJobsTrace(0.5, 20, 1_800), { min: 0, max: 30 }),
      scaler: (given) => sluiceScaler(given, service),
    });
    expect(report.actions).toBeGreaterThan(0);
    expect(report.maxTasks).toBeGreaterThan(2);
  });
});
