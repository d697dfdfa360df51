import type { Policy } from '../../policy/policy.ts';
import { tasks } from '../sentence.ts';
import type { Guard, Ruling } from './guard.ts';

/** Last: the floor in one step, whatever the guards said; over a cap only on the way down to it. */
export const boundsLast: Guard = {
  rule: 'bounds',
  apply: ({ state, policy, bounds }, { count }) => {
    const { floor, cap, floorWhy, capWhy } = bounds;
    const active = activeMinimum(policy, cap);
    // Only a count that may grow is raised over the one found: a pause, or tasks that do not start, stay in force.
    const least = count > state.desired ? active.count : Math.min(active.count, state.desired);
    if (count > 0 && count < least && least > floor) return { ...active, count: least };
    if (count < floor) return { ...floorWhy, count: floor };
    const most = Math.max(cap, Math.min(state.desired, count));
    return count > most ? { ...capWhy, count: most } : undefined;
  },
};

/** The least count once there is any work at all, as far as the cap allows; 0 without one. */
export const activeMinimum = (policy: Pick<Policy, 'activeMin'>, cap: number): Ruling => {
  const count = Math.min(policy.activeMin ?? 0, cap);
  return { code: 'AtActiveMinimum', why: `with any work at all there are at least ${tasks(count)}`, count };
};
