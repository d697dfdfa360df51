import { describe, expect, test } from 'vitest';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import { slotStart } from '../../../lib/reports/slot.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import type { ObservedReport } from '../../../lib/signals/observed-report.ts';
import { PublishedHistory } from '../../../lib/simulate/published-history.ts';
import { randomStream } from '../../../lib/simulate/random-stream.ts';
import { simulate } from '../../../lib/simulate/run-simulation.ts';
import type { Scenario, SecondSample } from '../../../lib/simulate/scaler.ts';
import { reportOf } from '../../../lib/simulate/simulated-report.ts';
import { defaultService, EPOCH, sluiceScaler } from '../../../lib/simulate/sluice-scaler.ts';
import { Waits } from '../../../lib/simulate/waits.ts';
import { aSetting } from '../../builders/simulations.ts';
import { aJobsTrace, stepUp } from '../../builders/traces.ts';

const scenario: Scenario = { kind: 'requests', min: 1, max: 50, concurrency: 8, serviceMs: 200, sloMs: 200, startUpMs: 23_000 };
const QUIET: SecondSample = { arrived: 0, finished: 0, waiting: 0, inService: 0, oldestMs: 0, busyShare: 0.5, running: 3, desired: 3 };

const reportedAs = (kind: Scenario['kind'], ...queues: string[]) => ({
  scenario: { ...scenario, kind },
  service: 'simulated',
  queues,
  epoch: EPOCH,
});

describe('what Sluice sees in a simulation', () => {
  test('is what it would see of the same requests in reports of three tasks, as ingest digests them', () => {
    const random = randomStream(1, 'requests');
    const history = new PublishedHistory();
    // Each task reports at a time of its own what it measured since the last time.
    const samples: unknown[][][] = [[], [], []];
    const seconds = 100;
    const reports: ObservedReport[] = [];
    const simulated: ObservedReport[] = [];
    for (let t = 0; t < seconds; t++) {
      const waits = new Waits();
      const count = 3 * random.poisson(4);
      for (let i = 0; i < count; i += 3) {
        const ms = Math.floor(random.exponential(80));
        const at = EPOCH / 1_000 + t + 0.5;
        waits.add(ms, 3);
        for (const task of samples) task.push([at, ms, 'qt', null], [at, 200, 'at', null]);
      }
      history.add(t, { ...QUIET, arrived: count, finished: count }, waits, true);
      const at = t + 1;
      const task = [0, 3, 6].indexOf(at % 10);
      if (task < 0) continue;
      const { digest } = digestReport({ metrics: (samples[task] ?? []).splice(0) } as never, EPOCH + at * 1_000);
      // The first reports reach back less than ten seconds.
      if (at <= 10) continue;
      reports.push({ service: 'simulated', reporter: `task-${task}`, slotAt: slotStart(digest.base), digest });
      simulated.push(reportOf(reportedAs('requests', 'default'), history, [{ at, tasks: 1 }]) as ObservedReport);
    }
    const now = EPOCH + seconds * 1_000;
    const { policy } = defaultService(scenario);
    const real = observeTargets(policy, 'simulated', reports, now).targets[0];
    const seen = observeTargets(policy, 'simulated', simulated, now).targets[0];
    expect(simulated.length).toBe(27);

    const withoutTimes = (reading: unknown) => ({ ...(reading as object), at: 0 });
    expect(withoutTimes(seen?.reading)).toEqual(withoutTimes(real?.reading));
    expect(withoutTimes(seen?.recent)).toEqual(withoutTimes(real?.recent));
    expect(seen?.label).toBe(real?.label);
    expect(seen?.samples).toBeCloseTo(real?.samples ?? 0);
    const comparable = (points: typeof real) =>
      points?.series.map(({ at, serviceMs, valueMs, reports: n }) => ({ at, serviceMs, valueMs, n }));
    expect(comparable(seen)).toEqual(comparable(real));
    seen?.series.forEach(({ requests, samples: n }, i) => {
      expect(requests).toBeCloseTo(real?.series[i]?.requests ?? 0);
      expect(n).toBeCloseTo(real?.series[i]?.samples ?? 0);
    });
  });

  test('of jobs is the age of the oldest, the depth and what runs, of the queue that the policy names', () => {
    const history = new PublishedHistory();
    for (let t = 0; t < 10; t++) history.add(t, { ...QUIET, waiting: 7, inService: 3, oldestMs: 4_500 }, new Waits(), true);
    const report = reportOf(reportedAs('jobs', 'mailers', 'imports'), history, [{ at: 10, tasks: 1 }]);
    const at = EPOCH + 9_999;
    expect(report?.digest.queues.get('mailers')).toEqual({
      latency: { value: 4_500, at },
      depth: { value: 7, at },
      busy: { value: 3, at },
    });
    expect(report?.digest.queues.get('imports')).toEqual({ latency: { value: 0, at }, depth: { value: 0, at }, busy: { value: 0, at } });
  });

  test('is nothing where measurements were lost, or where no task is there to report requests', () => {
    const history = new PublishedHistory();
    for (let t = 0; t < 10; t++) history.add(t, QUIET, new Waits(), false);
    for (let t = 10; t < 20; t++) history.add(t, { ...QUIET, running: 0 }, new Waits(), true);
    expect(reportOf(reportedAs('requests'), history, [{ at: 10, tasks: 1 }])).toBeUndefined();
    expect(reportOf(reportedAs('requests'), history, [{ at: 20, tasks: 1 }])).toBeUndefined();
    expect(reportOf(reportedAs('jobs', 'default'), history, [{ at: 20, tasks: 1 }])).toBeDefined();
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
    // What drains the backlog is ordered as the first reports tell of it, and goes when the backlog has.
    const since = series.marks.filter(({ at }) => at > 1_740);
    expect(since.filter(({ from, to }) => to > from).length).toBeLessThanOrEqual(4);
    const last = since.at(-1);
    expect(last?.to).toBeLessThan(last?.from ?? 0);
    expect(last?.to).toBeGreaterThan(6);
  });

  test('is looked at as in production: each 15 s in calm, at the next report of a service of few tasks, each 3 s while a target is missed', () => {
    const looks = (tasks: number, factor: number) => {
      let count = 0;
      // A service that stays as it is: what is counted are looks, not what they lead to.
      const config = defaultService({ ...scenario, min: tasks, max: tasks });
      const load = stepUp((tasks * 8 * 5) / 2, factor, 0, 1_200);
      simulate({ ...aSetting(load), min: tasks, max: tasks, scaler: (given) => sluiceScaler(given, config, () => count++) });
      return count;
    };
    expect(Math.abs(looks(10, 1) - 1_200 / 15)).toBeLessThanOrEqual(10);
    expect(Math.abs(looks(1, 0.5) - 1_200 / 20)).toBeLessThanOrEqual(10);
    expect(Math.abs(looks(10, 3) - 1_200 / 3)).toBeLessThanOrEqual(40);
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
