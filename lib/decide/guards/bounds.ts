import { tasks } from '../sentence.ts';
import type { Guard } from './guard.ts';

/** Last: the floor in one step, whatever the guards said; over a cap only on the way down to it. */
export const boundsLast: Guard = {
  rule: 'bounds',
  apply: ({ state, policy, bounds }, { count }) => {
    const { floor, cap, floorWhy, capWhy } = bounds;
    const active = Math.min(policy.activeMin ?? 0, cap);
    if (count > 0 && count < active && active > floor) {
      return { code: 'AtActiveMinimum', why: `with any work at all there are at least ${tasks(active)}`, count: active };
    }
    if (count < floor) return { ...floorWhy, count: floor };
    const most = Math.max(cap, Math.min(state.desired, count));
    return count > most ? { ...capWhy, count: most } : undefined;
  },
};
