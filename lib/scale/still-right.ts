import type { Instant } from '../clock.ts';
import { boundsAt } from '../decide/bounds.ts';
import type { Memory } from '../decide/memory.ts';
import { startUpOf } from '../decide/start-up.ts';
import { intervalsOf } from '../evaluate/intervals.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { Outcome, Pause, StoredDecision } from '../stores/records.ts';

export interface Against {
  readonly outcome: Outcome;
  readonly why: string;
  /** The policy moved on: what is right now is decided at once. */
  readonly decideAnew?: boolean;
}

/**
 * Whether a decision may still be carried out, by the policy, the calendar and the pauses as they are now,
 * not as they were when it was made. Undefined: nothing stands against it.
 */
export function stillRight(
  config: ServiceConfig,
  decision: StoredDecision & { readonly kind: 'scale' },
  pauses: readonly Pause[],
  memory: Memory,
  now: Instant,
): Against | undefined {
  const { policy } = config;
  const out = decision.to > decision.from;
  if (policy.mode === 'off' || policy.mode === 'observe')
    return { outcome: 'refused', why: `The mode is ${policy.mode}: nothing is changed.` };
  if (policy.mode === 'out-only' && !out) return { outcome: 'refused', why: 'The mode is out-only: nothing is scaled in.' };
  const pause = pauses.find((p) => (out ? p.out : p.in));
  if (pause) return { outcome: 'refused', why: `Scaling ${out ? 'out' : 'in'} is paused: ${pause.why}.` };
  const intervals = intervalsOf(config, now);
  const { floor, cap } = boundsAt(policy, intervals, startUpOf(policy.behavior.startUpMs, memory.startUps).p95Ms, now);
  if (decision.to < floor)
    return { outcome: 'superseded', why: `The floor is ${floor} now; ${decision.to} is under it.`, decideAnew: true };
  // Down to a cap that was lowered it goes in steps: over the cap is right as long as it is nearer to it.
  if (out && decision.to > cap)
    return { outcome: 'superseded', why: `The cap is ${cap} now; ${decision.to} is over it.`, decideAnew: true };
  return undefined;
}
