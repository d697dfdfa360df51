/**
 * The example web app, in a thread of its own: an Express app with the published `judoscale-express` adapter, and a router
 * before it. One app stands for all tasks of the service: the router lets through as many requests at once as the running
 * tasks would serve, first come, first served, and says when each arrived, so that the queue time is real.
 */
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import express from 'express';
import { Judoscale, middleware } from 'judoscale-express';
import { arrivalTimes } from './load-model.ts';
import { createTaskQueue } from './task-queue.ts';
import type { TrafficThreadData } from './traffic-thread.ts';
import { playArrivals, runningTasksOf } from './traffic-thread.ts';

/** What a load balancer would keep waiting before it turns requests away. */
const MOST_WAITING = 5_000;

// workerData is the other half of this program, not foreign data.
const { reportUrl, reportSeconds, load } = workerData as TrafficThreadData;

const app = express();
app.use(middleware(new Judoscale({ api_base_url: reportUrl, report_interval_seconds: reportSeconds, log_level: 'error' })));
app.get('/', (_request, response) => {
  setTimeout(() => response.send('ok'), load.serviceMs);
});

const queue = createTaskQueue<undefined>(MOST_WAITING);
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
let running = 0;

function letThrough(port: number): void {
  for (let next = queue.take(running * load.concurrency); next !== undefined; next = queue.take(running * load.concurrency)) {
    const ended = () => {
      queue.ended();
      letThrough(port);
    };
    const call = request({ host: '127.0.0.1', port, agent, headers: { 'x-request-start': String(next.at) } }, (response) => {
      response.resume();
    });
    call.once('close', ended);
    call.on('error', () => undefined);
    call.end();
  }
}

const server = app.listen(0, '127.0.0.1', (error?: Error) => {
  if (error) throw error;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the example app has no TCP address');
  const { port } = address;
  parentPort?.on('message', (message: unknown) => {
    running = runningTasksOf(message) ?? running;
    letThrough(port);
  });
  playArrivals(arrivalTimes(load), () => {
    queue.add(undefined, Date.now());
    letThrough(port);
  });
});
