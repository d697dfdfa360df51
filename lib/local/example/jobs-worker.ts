/**
 * The example's job queues, in a thread of their own: a producer, and jobs drained by the running tasks of the worker
 * service. Reported through the published `judoscale-node-core`, as an adapter for a job library is written: a collector
 * that is asked once per report. Its process is the one that enqueues, so that queues are seen while no worker runs.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Judoscale, Metric, WorkerMetricsCollector } from 'judoscale-node-core';
import { createJobPool } from './job-pool.ts';
import { arrivalTimes } from './load-model.ts';
import type { TrafficThreadData } from './traffic-thread.ts';
import { playArrivals, runningTasksOf } from './traffic-thread.ts';

const { reportUrl, reportSeconds, load, queues } = workerData as TrafficThreadData;

const pool = createJobPool(queues);
let running = 0;
let added = 0;

class ExampleCollector extends WorkerMetricsCollector {
  override collect(): Metric[] {
    const now = Date.now();
    return pool.metrics(now).map(({ identifier, value, queue }) => new Metric(identifier, new Date(now), value, queue));
  }
}
Judoscale.registerAdapter('sluice-example-jobs', new ExampleCollector('Example jobs'), {
  adapter_version: '0',
  runtime_version: process.version,
});
new Judoscale({ api_base_url: reportUrl, report_interval_seconds: reportSeconds, log_level: 'error' });

function work(): void {
  for (let queue = pool.take(running * load.concurrency); queue !== undefined; queue = pool.take(running * load.concurrency)) {
    const name = queue;
    setTimeout(() => {
      pool.ended(name);
      work();
    }, load.serviceMs);
  }
}

parentPort?.on('message', (message: unknown) => {
  running = runningTasksOf(message) ?? running;
  work();
});
playArrivals(arrivalTimes(load), () => {
  const queue = queues[added % queues.length];
  added += 1;
  if (queue !== undefined) pool.add(queue, Date.now());
  work();
});
