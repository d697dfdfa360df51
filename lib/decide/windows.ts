import type { Combined } from './combine.ts';
import type { Facts } from './facts.ts';
import type { Memory } from './memory.ts';
import { scaleInWindow } from './scale-in-window.ts';
import { extend } from './streak.ts';

/** A burst lasts until the newest readings have been calm for that long (Knative's stable window), or the policy's window. */
const CALM_MS = 60_000;

/**
 * Takes this evaluation into the stabilisation windows and the burst window. Only what is known and
 * complete counts towards scale-in: one unknown target, or one want for what is there, starts the
 * window anew. The wants are kept as they were before the guards, as HPA keeps its recommendations.
 */
export function rememberWants(memory: Memory, combined: Combined, facts: Facts): Memory {
  const { low, high, panicUntil, ...rest } = memory;
  const { desired, running } = facts.state;
  const { behavior } = facts.policy;
  const want = Math.min(facts.bounds.cap, Math.max(facts.bounds.floor, combined.value));
  const lower = combined.complete && combined.code !== 'NoTargets' && want < desired && behavior.scaleIn.stabilizeMs > 0;
  const higher = want > desired && behavior.scaleOut.stabilizeMs > 0;
  const burst =
    behavior.panic !== undefined && combined.newest >= behavior.panic.threshold * Math.max(1, running) && combined.newest > desired;
  const calmAt = facts.now + Math.max(CALM_MS, behavior.panic?.windowMs ?? 0);
  // Prolonged in steps of a sixth of the calm, so that a long burst does not store every evaluation.
  const panic = burst && calmAt - (panicUntil ?? 0) > CALM_MS / 6 ? calmAt : panicUntil;
  return {
    ...rest,
    ...(lower && { low: extend(low, want, 'in', scaleInWindow(facts).ms, facts.now) }),
    ...(higher && { high: extend(high, want, 'out', behavior.scaleOut.stabilizeMs, facts.now) }),
    ...(panic !== undefined && panic > facts.now && { panicUntil: panic }),
  };
}
