/** Beyond this load the recursion is replaced by its limit: square-root staffing. */
const LARGE = 20_000;

/**
 * The least number of servers at which at most `share` of arrivals wait longer than `waitMs`:
 * M/M/c, P(W > t) = C(c, a) · e^{−(c − a)·t/S}, C by Erlang's formula (A. K. Erlang, 1917; in any
 * textbook on queues). `load` is the offered load a = λS, `serviceMs` the mean service time S.
 * For large loads c = a + β√a (Halfin and Whitt, 1981) with the β that C ≤ 5 % takes.
 */
export function serversFor(load: number, serviceMs: number, waitMs: number, share: number): number {
  if (!(load > 0)) return 0;
  if (load > LARGE) return Math.ceil(load + 1.7 * Math.sqrt(load));
  const patience = waitMs / Math.max(1, serviceMs);
  // Erlang B by its recursion in the number of servers, Erlang C from it.
  let blocking = 1;
  for (let servers = 1; ; servers++) {
    blocking = (load * blocking) / (servers + load * blocking);
    if (servers <= load) continue;
    const waits = (servers * blocking) / (servers - load * (1 - blocking));
    if (waits * Math.exp(-(servers - load) * patience) <= share) return servers;
  }
}
