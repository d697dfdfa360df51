import type { TargetSignals } from '../../lib/decide/observation.ts';
import { aSignal, known } from './observations.ts';
import { T0 } from './times.ts';

/**
 * A web service by formulae, in steps of 10 s: a fluid queue while more arrives than the tasks serve,
 * and the waiting time of M/M/c while they keep up. Gives what its adapters would report.
 */
export function aWebService(options: { serviceMs: number; concurrency: number }) {
  const { serviceMs, concurrency } = options;
  let backlog = 0;
  let series: TargetSignals['series'] = [];
  return {
    /** Ten seconds with so many requests per second and tasks pass; what is seen at their end. */
    serve(at: number, requestsPerSecond: number, running: number): TargetSignals {
      const servers = running * concurrency;
      const capacity = (servers * 1_000) / serviceMs;
      const before = backlog;
      backlog = Math.max(0, backlog + (requestsPerSecond - capacity) * 10);
      const done = before > 0 || backlog > 0 ? Math.min(capacity, requestsPerSecond + before / 10) : requestsPerSecond;
      const valueMs = Math.min(
        600_000,
        backlog > 0 ? (backlog / Math.max(capacity, 1)) * 1_000 : p95Wait((requestsPerSecond * serviceMs) / 1_000, servers, serviceMs),
      );
      const requests = Math.round(done * 10);
      const slot = { at: T0 + at - 10_000, reports: running, requests, serviceMs, valueMs, samples: requests };
      series = [...series, slot].slice(-30);
      const worst = Math.max(...series.slice(-3).map((s) => s.valueMs ?? 0));
      return aSignal(known(worst, T0 + at), { recent: known(valueMs, T0 + at), label: 'p95 queue time', samples: requests * 3, series });
    },
  };
}

/** The 95th percentile of the wait in M/M/c, from P(W > t) = C·e^{−(c−a)t/S}. */
function p95Wait(load: number, servers: number, serviceMs: number): number {
  if (load >= servers) return 600_000;
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (load * blocking) / (n + load * blocking);
  const waits = (servers * blocking) / (servers - load * (1 - blocking));
  return waits <= 0.05 ? 0 : (serviceMs * Math.log(waits / 0.05)) / (servers - load);
}
