import type { Clock } from '../../clock.ts';
import { createJobPool } from './job-pool.ts';
import type { Load } from './load-model.ts';
import { arrivalTimes } from './load-model.ts';
import { createTaskQueue } from './task-queue.ts';

/** The example's load without HTTP, threads or real time: the same model, reports as the adapters would send them. */
export interface SimulationOptions {
  readonly clock: Clock;
  readonly load: Load;
  /** Tasks that run now. */
  readonly running: () => number;
  readonly reportMs: number;
  /** Takes one report body. */
  readonly post: (body: string) => Promise<void>;
  readonly signal: AbortSignal;
}

type WireMetric = readonly [time: number, value: number, identifier: string, queue: string | null];

function reportBody(container: string, adapter: string, metrics: readonly WireMetric[]): string {
  return JSON.stringify({
    container,
    pid: 1,
    adapters: {
      'judoscale-node': { adapter_version: 'simulated', runtime_version: null },
      [adapter]: { adapter_version: 'simulated', runtime_version: null },
    },
    config: { version: 'simulated', container, log_level: 'error' },
    metrics,
  });
}

/** Published Node adapters send whole seconds. */
const seconds = (at: number) => Math.floor(at / 1_000);

async function everyReport(options: SimulationOptions, body: () => string): Promise<void> {
  while (!options.signal.aborted) {
    await options.clock.sleep(options.reportMs, options.signal);
    if (!options.signal.aborted) await options.post(body());
  }
}

/** Adds work at its arrival times; `arrive` starts what can start. */
async function arrivals(options: SimulationOptions, arrive: (at: number) => void): Promise<void> {
  const started = options.clock.now();
  for (const since of arrivalTimes(options.load)) {
    await options.clock.sleep(Math.max(0, started + since - options.clock.now()), options.signal);
    if (options.signal.aborted) return;
    arrive(options.clock.now());
  }
}

/** The web app: queue time, app time and utilisation, until the signal aborts. */
export async function simulateWebApp(options: SimulationOptions): Promise<void> {
  const { clock, load, signal } = options;
  const queue = createTaskQueue<undefined>(5_000);
  let metrics: WireMetric[] = [];
  let idleSince: number | undefined = clock.now();
  let idleMs = 0;
  let reportedAt = clock.now();

  const letThrough = () => {
    for (
      let next = queue.take(options.running() * load.concurrency);
      next !== undefined;
      next = queue.take(options.running() * load.concurrency)
    ) {
      const now = clock.now();
      if (idleSince !== undefined) idleMs += now - idleSince;
      idleSince = undefined;
      metrics.push([seconds(now), Math.round(now - next.at), 'qt', null]);
      void clock.sleep(load.serviceMs).then(() => {
        queue.ended();
        metrics.push([seconds(clock.now()), load.serviceMs, 'at', null]);
        if (queue.busy === 0) idleSince = clock.now();
        if (!signal.aborted) letThrough();
      });
    }
  };
  const body = () => {
    const now = clock.now();
    letThrough();
    if (idleSince !== undefined) {
      idleMs += now - idleSince;
      idleSince = now;
    }
    metrics.push([seconds(now), Math.floor((1 - idleMs / Math.max(1, now - reportedAt)) * 100), 'up', null]);
    const sent = metrics;
    metrics = [];
    idleMs = 0;
    reportedAt = now;
    return reportBody('example-web', 'judoscale-express', sent);
  };
  await Promise.all([
    everyReport(options, body),
    arrivals(options, (at) => {
      queue.add(undefined, at);
      letThrough();
    }),
  ]);
}

/** The job queues: depth, busy and latency, until the signal aborts. */
export async function simulateJobs(options: SimulationOptions & { readonly queues: readonly string[] }): Promise<void> {
  const { clock, load, signal } = options;
  const pool = createJobPool(options.queues);
  let added = 0;
  const work = () => {
    for (
      let queue = pool.take(options.running() * load.concurrency);
      queue !== undefined;
      queue = pool.take(options.running() * load.concurrency)
    ) {
      const name = queue;
      void clock.sleep(load.serviceMs).then(() => {
        pool.ended(name);
        if (!signal.aborted) work();
      });
    }
  };
  const body = () => {
    work();
    const now = clock.now();
    return reportBody(
      'example-jobs',
      'sluice-example-jobs',
      pool.metrics(now).map(({ identifier, value, queue }): WireMetric => [seconds(now), Math.round(value), identifier, queue]),
    );
  };
  await Promise.all([
    everyReport(options, body),
    arrivals(options, (at) => {
      const queue = options.queues[added % options.queues.length];
      added += 1;
      if (queue !== undefined) pool.add(queue, at);
      work();
    }),
  ]);
}
