import type { Facts } from './facts.ts';
import type { Memory } from './memory.ts';
import type { Instant } from './time.ts';

/** What tasks that have come up do is in the reports only then. */
const REPORT_MS = 10_000;

/** Tasks ordered count as capacity until they are overdue. */
export function capacity(
  state: Facts['state'],
  memory: Memory,
  startUp: Facts['startUp'],
  now: Instant,
): Pick<Facts, 'starting' | 'overdue' | 'settled'> {
  const missing = Math.max(0, state.desired - state.running);
  const raisedAt = lastRaise(memory, 0);
  const since = memory.short?.since ?? raisedAt;
  const late = missing > 0 && now - since >= startUp.overdueMs;
  return {
    starting: late ? 0 : missing,
    // Stopping to raise needs a look at ECS that found the tasks missing, not only the time that has passed.
    overdue: missing > 0 && state.at - since >= startUp.overdueMs ? missing : 0,
    settled: missing > 0 ? now - Math.max(since, raisedAt) >= startUp.p95Ms : raisedAt === 0 || now - (memory.upAt ?? now) >= REPORT_MS,
  };
}

/** When the count was last raised, as far as that is known. */
export const lastRaise = (memory: Memory, otherwise: Instant): Instant =>
  memory.changes.findLast((change) => change.to > change.from)?.at ?? otherwise;
