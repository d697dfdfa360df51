import { erlangC, meanWaitOfWaiting, type Service } from './erlang.ts';

/** A queue at rest: Erlang's numbers for one number of places and one load. */
export interface StationaryQueue {
  readonly servers: number;
  /** Offered load, in servers. */
  readonly load: number;
  /** Share of arrivals that wait: C. */
  readonly waits: number;
  /** Mean wait of those that wait. */
  readonly meanMs: number;
  /** Seconds with free places that follow per request that could have been served and was not there. */
  readonly idlePerUnused: number;
  /** Relaxation time: variance ÷ drift² of the number waiting while all places are taken. */
  readonly forgetsS: number;
}

export function stationaryQueue(servers: number, load: number, service: Service): StationaryQueue {
  const waits = erlangC(servers, load);
  const never = Number.POSITIVE_INFINITY;
  if (waits >= 1 || servers <= load) return { servers, load, waits: 1, meanMs: never, idlePerUnused: 0, forgetsS: never };
  const serviceS = service.serviceMs / 1_000;
  const drift = (servers - load) / serviceS;
  return {
    servers,
    load,
    waits,
    meanMs: meanWaitOfWaiting(servers, load, service),
    // Unused service accrues at the rate of the drift, so idle : active is (1 − C) : C.
    idlePerUnused: (1 - waits) / Math.max(1e-9, waits) / drift,
    forgetsS: ((servers / serviceS) * (1 + service.cv * service.cv)) / (drift * drift),
  };
}

/** Middle of equal shares of an exponential distribution with mean 1: its quantiles as points, the last ones finer for the tail. */
export const STRATA: readonly (readonly [value: number, share: number])[] = strata([
  0, 0.2, 0.4, 0.55, 0.7, 0.8, 0.88, 0.93, 0.96, 0.98, 0.99, 0.995, 1,
]);

function strata(edges: readonly number[]): (readonly [number, number])[] {
  // Mean of an exponential between two of its quantiles: the antiderivative of −ln(1 − q) is (1 − q)ln(1 − q) + q.
  const integral = (q: number) => (q >= 1 ? 1 : (1 - q) * Math.log(1 - q) + q);
  return edges.slice(1).map((to, i) => {
    const from = edges[i] as number;
    return [(integral(to) - integral(from)) / (to - from), to - from] as const;
  });
}
