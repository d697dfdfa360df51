import type { Memory } from './memory.ts';
import type { StateReading } from './observation.ts';
import type { Instant } from './time.ts';

/** How long a task takes from the order to running, ms. */
export interface StartUp {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** A start-up that takes longer than this is overdue. */
  readonly overdueMs: number;
  readonly measured: boolean;
}

/** Until something was measured: AWS's own benchmark has a median of about 23 s on Fargate, slower images take a minute. */
const UNMEASURED = { p50Ms: 30_000, p95Ms: 60_000 };
const LONGEST_MS = 15 * 60_000;

/** Start-up times from what the policy gives, or from the service's own history. */
export function startUpOf(given: number | undefined, measured: readonly number[]): StartUp {
  const sorted = [...measured].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0) * 1_000;
  const times =
    given !== undefined
      ? { p50Ms: given, p95Ms: given }
      : sorted.length < 3
        ? { p50Ms: sorted.length > 0 ? at(0.5) : UNMEASURED.p50Ms, p95Ms: Math.max(sorted.length > 0 ? at(1) : 0, UNMEASURED.p95Ms) }
        : { p50Ms: at(0.5), p95Ms: at(0.95) };
  return {
    ...times,
    overdueMs: Math.min(LONGEST_MS, Math.max(60_000, 2 * times.p95Ms)),
    measured: given === undefined && sorted.length > 0,
  };
}

type KnownState = Extract<StateReading, { kind: 'known' }>;
type Tracked = Pick<Memory, 'raise' | 'startUps' | 'short' | 'upAt'>;

/**
 * Follows one raise at a time from its change of the desired count until as many tasks run. ECS is
 * looked at now and then, so the moment lies between two looks: the middle of them is kept. A raise
 * during a deployment, taken back, or not up within 15 minutes says nothing about start-up.
 * `raised` is the raise seen in this observation, if there was one.
 */
export function trackStartUp(memory: Memory, state: StateReading, raised: { at: Instant; to: number } | undefined): Tracked {
  if (state.kind === 'unknown') return keep(memory);
  const upAt = allUp(memory, state);
  return { ...measure(memory, state, raised), ...(upAt !== undefined && { upAt }) };
}

function measure(memory: Memory, state: KnownState, raised: { at: Instant; to: number } | undefined): Tracked {
  const short = shortfall(memory, state, raised);
  const raise = memory.raise ?? (raised && { at: raised.at, to: raised.to, seen: raised.at });
  const { startUps } = memory;
  if (raise === undefined || state.deployment !== 'none' || state.desired < raise.to || state.at - raise.at > LONGEST_MS) {
    return { startUps, ...(short && { short }) };
  }
  if (state.running < raise.to) {
    const seen = state.at - raise.seen >= 5_000 ? state.at : raise.seen;
    return { startUps, raise: { ...raise, seen }, ...(short && { short }) };
  }
  // Looks from before the raise, or at its very moment, measure nothing.
  if (state.at <= raise.at) return { startUps, raise, ...(short && { short }) };
  const seconds = Math.max(1, Math.round(((raise.seen + state.at) / 2 - raise.at) / 1_000));
  return { startUps: [...startUps, seconds].slice(-20), ...(short && { short }) };
}

/** Since when fewer tasks run than desired without a further one having started. */
function shortfall(memory: Memory, state: KnownState, raised: { at: Instant } | undefined): Memory['short'] {
  if (state.running >= state.desired) return undefined;
  const before = memory.short;
  // A task that dies and is replaced is missing from the look that found it so, not from the last raise.
  if (before === undefined) return { since: raised?.at ?? state.at, running: state.running };
  if (state.running > before.running) return { since: state.at, running: state.running };
  return state.running < before.running ? { since: before.since, running: state.running } : before;
}

/** The first look after the last raise that finds as many tasks running as desired. */
function allUp({ upAt, changes }: Memory, state: KnownState): Instant | undefined {
  const raisedAt = changes.findLast((change) => change.to > change.from)?.at;
  if (raisedAt === undefined) return undefined;
  if (upAt !== undefined && upAt > raisedAt) return upAt;
  return state.running >= state.desired && state.at > raisedAt ? state.at : undefined;
}

const keep = ({ startUps, raise, short, upAt }: Memory): Tracked => ({
  startUps,
  ...(raise && { raise }),
  ...(short && { short }),
  ...(upAt !== undefined && { upAt }),
});
