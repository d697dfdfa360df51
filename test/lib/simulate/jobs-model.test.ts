import { describe, expect, test } from 'vitest';
import { erlangC, meanWaitOfWaiting } from '../../../lib/simulate/erlang.ts';
import { JobsModel, type JobsOptions } from '../../../lib/simulate/jobs-model.ts';
import { aJobsTrace } from '../../builders/traces.ts';

const model = (overrides: Partial<JobsOptions>) =>
  new JobsModel({
    arrivals: new Float64Array(),
    services: new Float64Array(),
    concurrency: 1,
    graceSeconds: 30,
    redeliverSeconds: 60,
    seed: 1,
    ...overrides,
  });

function run(jobs: JobsModel, from: number, to: number) {
  const starts: number[] = [];
  for (let t = from; t < to; t++) {
    jobs.step(t);
    for (let i = 0; i < jobs.waits.length; i++) starts.push(jobs.waits.ms[i] as number);
  }
  return starts;
}

/** Mean and half the width of its 99 % confidence interval, of independent runs. */
function interval(values: readonly number[]) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  // Student's t for 19 degrees of freedom.
  return { mean, half: 2.861 * Math.sqrt(variance / values.length) };
}

describe('jobs', () => {
  test.each([
    [1, 0.7],
    [3, 0.8],
    [10, 0.85],
  ])('of M/M/%i at a load of %f wait as Erlang C says, within the confidence interval', (servers, load) => {
    const serviceS = 2;
    const runs = Array.from({ length: 20 }, (_, seed) => {
      const trace = aJobsTrace((load * servers) / serviceS, serviceS, 4_000, seed + 11);
      const jobs = model({ arrivals: trace.arrivals, services: trace.services });
      jobs.addTasks(servers);
      const waits = run(jobs, 0, 4_000).slice(200);
      return {
        meanMs: waits.reduce((a, b) => a + b, 0) / waits.length,
        share: waits.filter((wait) => wait > 1e-6).length / waits.length,
      };
    });
    const share = erlangC(servers, load * servers);
    const meanMs = share * meanWaitOfWaiting(servers, load * servers, { serviceMs: serviceS * 1_000, cv: 1 });
    const [waits, waiting] = [interval(runs.map((each) => each.meanMs)), interval(runs.map((each) => each.share))];
    expect(Math.abs(waits.mean - meanMs)).toBeLessThan(waits.half);
    expect(Math.abs(waiting.mean - share)).toBeLessThan(waiting.half);
  });

  test("obey Little's law, and none is lost or made", () => {
    const trace = aJobsTrace(1, 4, 2_000);
    const jobs = model({ arrivals: trace.arrivals, services: trace.services });
    jobs.addTasks(5);
    for (let t = 0; t < 4_000; t++) {
      jobs.step(t);
      const { arrived, finished, lost, inSystem } = jobs.totals;
      expect(finished + lost + inSystem).toBe(arrived);
    }
    const { waitedSeconds, waitingSeconds, inSystem } = jobs.totals;
    expect(inSystem).toBe(0);
    expect(waitingSeconds).toBeCloseTo(waitedSeconds, 6);
  });

  test('are served first come, first served', () => {
    const jobs = model({ arrivals: Float64Array.of(0, 1, 2), services: Float64Array.of(10, 10, 10) });
    jobs.addTasks(1);
    expect(run(jobs, 0, 40)).toEqual([0, 9_000, 18_000]);
    expect(jobs.totals.finished).toBe(3);
  });

  test('that end within the grace of SIGTERM are done', () => {
    const jobs = model({ arrivals: Float64Array.of(0), services: Float64Array.of(25) });
    jobs.addTasks(1);
    run(jobs, 0, 1);
    jobs.stopTasks(1, 1);
    run(jobs, 1, 60);
    expect(jobs.totals).toMatchObject({ finished: 1, killed: 0, inSystem: 0 });
  });

  test('that last longer are broken off, delivered again after the visibility timeout, and have waited since', () => {
    const jobs = model({ arrivals: Float64Array.of(0), services: Float64Array.of(100) });
    jobs.addTasks(1);
    run(jobs, 0, 10);
    jobs.stopTasks(1, 10);
    jobs.addTasks(1);
    const starts = run(jobs, 10, 300);
    // Killed at 40, visible at 100, begun at once on the other task, done at 200.
    expect(starts).toEqual([60_000]);
    expect(jobs.totals).toMatchObject({ finished: 1, killed: 1, lost: 0, inSystem: 0 });
  });

  test('are lost where nothing delivers them again', () => {
    const jobs = model({ arrivals: Float64Array.of(0), services: Float64Array.of(100), redeliverSeconds: undefined });
    jobs.addTasks(1);
    run(jobs, 0, 10);
    jobs.stopTasks(1, 10);
    run(jobs, 10, 60);
    expect(jobs.totals).toMatchObject({ arrived: 1, finished: 0, lost: 1, inSystem: 0 });
  });

  test('a task that is told to stop takes nothing new and is paid for until it ends', () => {
    const jobs = model({ arrivals: Float64Array.of(0, 5), services: Float64Array.of(20, 1) });
    jobs.addTasks(1);
    run(jobs, 0, 2);
    jobs.stopTasks(1, 2);
    run(jobs, 2, 10);
    expect(jobs.stopping).toBe(1);
    expect(jobs.waiting).toBe(1);
    expect(jobs.oldestMs).toBe(5_000);
    run(jobs, 10, 25);
    expect(jobs.stopping).toBe(0);
    expect(jobs.totals.finished).toBe(1);
  });
});
