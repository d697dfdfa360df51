/**
 * Queueing formulas of the yardstick. They are apart from the engine's own on purpose: a mistake in one must not hide in the
 * other.
 */

/**
 * Probability that an arrival has to wait in M/M/c: Erlang's C formula, from Erlang's B by its recursion in the servers.
 * @param load offered load a = λS in servers. @returns 1 where the load is not less than the servers.
 */
export function erlangC(servers: number, load: number): number {
  if (load <= 0) return 0;
  if (load >= servers) return 1;
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (load * blocking) / (n + load * blocking);
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/** What a queue is made of, apart from how many servers it has. */
export interface Service {
  /** Mean service time, ms. */
  readonly serviceMs: number;
  /** Coefficient of variation of service times; 1 is exponential. */
  readonly cv: number;
}

/**
 * Mean wait, ms, of those that wait at all, M/G/c: S/(c − a) · (c_a² + c_s²)/2 (Allen and Cunneen's correction of M/M/c with
 * Poisson arrivals, c_a = 1). Infinite where the load is not less than the servers.
 */
export function meanWaitOfWaiting(servers: number, load: number, { serviceMs, cv }: Service): number {
  return load >= servers ? Number.POSITIVE_INFINITY : ((serviceMs / (servers - load)) * (1 + cv * cv)) / 2;
}

/** P(W > waitMs) of M/G/c by Erlang C and Allen-Cunneen: C(c, a) · e^{−t/w̄} with w̄ the mean wait of those that wait. */
export function shareWaitingLonger(waitMs: number, servers: number, load: number, service: Service): number {
  if (load <= 0) return 0;
  if (load >= servers) return 1;
  return erlangC(servers, load) * Math.exp(-waitMs / meanWaitOfWaiting(servers, load, service));
}

/**
 * The demand: the least number of tasks at which at most `share` of arrivals wait longer than `waitMs`.
 * @param load offered load in servers; 0 needs no task. @param concurrency servers of one task.
 */
export function tasksNeeded(load: number, concurrency: number, waitMs: number, share: number, service: Service): number {
  if (!(load > 0)) return 0;
  let blocking = 1;
  for (let servers = 1; ; servers++) {
    blocking = (load * blocking) / (servers + load * blocking);
    if (servers <= load || servers % concurrency !== 0) continue;
    const waits = blocking / (1 - (load / servers) * (1 - blocking));
    if (waits * Math.exp(-waitMs / meanWaitOfWaiting(servers, load, service)) <= share) return servers / concurrency;
  }
}
