import type { Facts } from '../facts.ts';
import type { TargetSignals } from '../observation.ts';
import { tasksIn } from './tasks-in.ts';
import { completeSlots } from './web-load.ts';

/** A queue time that differs from the one before by no more than that share is steady. */
const STEADY = 0.2;

/**
 * Within the window the target was missed with as many tasks as are enough by the formula, for no more than what is planned for: what
 * it says of fewer tasks is not to be trusted at once. A queue that only drains, or grows on, says nothing of that.
 */
export function contradicted({ series }: TargetSignals, topMs: number, enough: number, windowMs: number, facts: Facts): boolean {
  return completeSlots(series, facts.now).some((slot, i, all) => {
    const { valueMs = 0 } = slot;
    const before = all[i - 1]?.valueMs ?? 0;
    const comesOrGoes = before > topMs && Math.abs(valueMs - before) > STEADY * valueMs;
    return facts.now - slot.at <= windowMs && valueMs > topMs && !comesOrGoes && (tasksIn(slot, facts, { least: true }) ?? 0) >= enough;
  });
}
