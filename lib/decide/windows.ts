import { trackBurst } from './burst.ts';
import type { Combined } from './combine.ts';
import type { Facts } from './facts.ts';
import type { Memory } from './memory.ts';
import { knownOver, scaleInWindow } from './scale-in-window.ts';
import { extend } from './streak.ts';

/**
 * Takes this evaluation into the stabilisation windows and the burst window. Only what is known and
 * complete counts towards scale-in: one unknown target, or one want for what is there, starts the
 * window anew. The wants are kept as they were before the guards, as HPA keeps its recommendations.
 */
export function rememberWants(memory: Memory, combined: Combined, facts: Facts): Memory {
  const { low, high, panicUntil: _panic, burstSince: _burst, coldUntil: _cold, ...rest } = memory;
  const { desired } = facts.state;
  const { behavior } = facts.policy;
  const want = Math.min(facts.bounds.cap, Math.max(facts.bounds.floor, combined.value));
  const lower =
    !knownOver(combined, memory, facts) &&
    combined.complete &&
    combined.code !== 'NoTargets' &&
    want < desired &&
    behavior.scaleIn.stabilizeMs > 0;
  const higher = want > desired && behavior.scaleOut.stabilizeMs > 0;
  return {
    ...rest,
    ...(lower && { low: extend(low, want, 'in', scaleInWindow(facts).ms, facts.now) }),
    ...(higher && { high: extend(high, want, 'out', behavior.scaleOut.stabilizeMs, facts.now) }),
    ...trackBurst(memory, combined, facts),
  };
}
