import { describe, expect, test } from 'vitest';
import { erlangC, meanWaitOfWaiting } from '../../../lib/simulate/erlang.ts';
import { JobsModel } from '../../../lib/simulate/jobs-model.ts';
import type { Model } from '../../../lib/simulate/model.ts';
import { RequestsModel } from '../../../lib/simulate/requests-model.ts';
import { aJobsTrace } from '../../builders/traces.ts';

interface Steady {
  readonly tasks: number;
  readonly concurrency: number;
  readonly serviceMs: number;
  readonly load: number;
  readonly cv?: number;
}

function requests({ tasks, concurrency, serviceMs, load, cv = 1 }: Steady, seed = 1) {
  const rate = (load * tasks * concurrency) / (serviceMs / 1_000);
  const model = new RequestsModel({ rateAt: () => rate, concurrency, serviceMs, serviceCv: cv, graceSeconds: 30, seed });
  model.addTasks(tasks);
  return { model, rate };
}

/** Mean wait, ms, share that waits at all, share that waits longer than a limit. */
function measure(model: Model, seconds: number, limitMs: number) {
  let [count, sum, waiting, over] = [0, 0, 0, 0];
  for (let t = 0; t < seconds; t++) {
    model.step(t);
    const { waits } = model;
    for (let i = 0; i < waits.length; i++) {
      const [ms, weight] = [waits.ms[i] as number, waits.weights[i] as number];
      count += weight;
      sum += ms * weight;
      if (ms > 0) waiting += weight;
      if (ms > limitMs) over += weight;
    }
  }
  return { meanMs: sum / count, waiting: waiting / count, over: over / count };
}

describe('requests under a steady load', () => {
  test.each<Steady>([
    { tasks: 10, concurrency: 8, serviceMs: 200, load: 0.9 },
    { tasks: 10, concurrency: 8, serviceMs: 200, load: 0.975 },
    { tasks: 2, concurrency: 8, serviceMs: 200, load: 0.9 },
    { tasks: 50, concurrency: 8, serviceMs: 200, load: 0.95 },
    { tasks: 10, concurrency: 8, serviceMs: 50, load: 0.9 },
    { tasks: 10, concurrency: 8, serviceMs: 1_000, load: 0.9 },
  ])('wait as Erlang C says: %o', (steady) => {
    const servers = steady.tasks * steady.concurrency;
    const [share, meanMs] = [
      erlangC(servers, steady.load * servers),
      meanWaitOfWaiting(servers, steady.load * servers, { serviceMs: steady.serviceMs, cv: 1 }),
    ];
    const p95 = meanMs * Math.log(20 * share);
    // Means over ten seeds, each of hours: their spread tells how far the truth may be.
    const runs = Array.from({ length: 10 }, (_, seed) => measure(requests(steady, seed + 1).model, 6_000, p95));
    const mean = (of: (run: (typeof runs)[number]) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    expect(mean((run) => run.waiting)).toBeCloseTo(share, 1);
    expect(mean((run) => run.meanMs) / (share * meanMs)).toBeGreaterThan(0.9);
    expect(mean((run) => run.meanMs) / (share * meanMs)).toBeLessThan(1.15);
    expect(mean((run) => run.over)).toBeGreaterThan(0.04);
    expect(mean((run) => run.over)).toBeLessThan(0.065);
  });

  test('wait twice as long where service times vary as Allen and Cunneen say: c_s = √3', () => {
    const steady = { tasks: 10, concurrency: 8, serviceMs: 200, load: 0.95 };
    const of = (cv: number) =>
      Array.from({ length: 6 }, (_, i) => measure(requests({ ...steady, cv }, i + 1).model, 8_000, 0).meanMs).reduce((a, b) => a + b, 0);
    expect(of(Math.sqrt(3)) / of(1)).toBeGreaterThan(1.7);
    expect(of(Math.sqrt(3)) / of(1)).toBeLessThan(2.3);
  });

  test("are neither lost nor made: arrived = finished + in system, and Little's law holds", () => {
    const { model } = requests({ tasks: 10, concurrency: 8, serviceMs: 200, load: 0.96 });
    measure(model, 20_000, 0);
    const { arrived, finished, inSystem, waitedSeconds, waitingSeconds } = model.totals;
    expect(finished + inSystem).toBeCloseTo(arrived, 3);
    expect(waitingSeconds / waitedSeconds).toBeGreaterThan(0.95);
    expect(waitingSeconds / waitedSeconds).toBeLessThan(1.05);
  });

  test('wait as long as jobs do that are simulated one by one', () => {
    const steady = { tasks: 5, concurrency: 4, serviceMs: 1_000, load: 0.9 };
    const seconds = 3_000;
    const ratios = [1, 2, 3, 4, 5, 6].map((seed) => {
      const { model, rate } = requests(steady, seed);
      const { arrivals, services } = aJobsTrace(rate, steady.serviceMs / 1_000, seconds, seed);
      const jobs = new JobsModel({ arrivals, services, concurrency: 4, graceSeconds: 30, redeliverSeconds: 30, seed });
      jobs.addTasks(5);
      return [measure(model, seconds, 0).meanMs, measure(jobs, seconds, 0).meanMs] as const;
    });
    const [flow, events] = [0, 1].map((i) => ratios.reduce((sum, pair) => sum + (pair[i] as number), 0)) as [number, number];
    expect(flow / events).toBeGreaterThan(0.8);
    expect(flow / events).toBeLessThan(1.25);
  });
});

describe('requests under too much load', () => {
  test('wait longer by the second by what the load is over', () => {
    const { model } = requests({ tasks: 10, concurrency: 8, serviceMs: 200, load: 1.25 });
    for (let t = 0; t < 100; t++) model.step(t);
    // A quarter too much: after 100 s a fifth of all that arrived still waits, and who begins now came 20 s ago.
    expect(model.oldestMs / 1_000).toBeGreaterThan(18);
    expect(model.oldestMs / 1_000).toBeLessThan(22);
    expect(model.busyShare).toBeGreaterThan(0.97);
  });

  test('all wait while there is no task, and are served in their order when there is', () => {
    const model = new RequestsModel({
      rateAt: (t) => (t < 60 ? 10 : 0),
      concurrency: 8,
      serviceMs: 200,
      serviceCv: 1,
      graceSeconds: 30,
      seed: 1,
    });
    for (let t = 0; t < 60; t++) model.step(t);
    expect(model.waiting).toBe(model.totals.arrived);
    model.addTasks(10);
    model.step(60);
    // 400 places a second and the ten tasks' own places take nearly all of the 600 in a second and a half.
    expect(model.waits.total).toBeGreaterThan(300);
    for (let t = 61; t < 70; t++) model.step(t);
    expect(model.totals.finished).toBeCloseTo(model.totals.arrived, 1);
  });

  test('two fleets meet the same arrivals under one seed', () => {
    const [few, many] = [3, 30].map((tasks) => {
      const model = new RequestsModel({ rateAt: () => 100, concurrency: 8, serviceMs: 200, serviceCv: 1, graceSeconds: 30, seed: 7 });
      model.addTasks(tasks);
      return Array.from({ length: 50 }, (_, t) => {
        model.step(t);
        return model.arrived;
      });
    });
    expect(few).toEqual(many);
  });
});
