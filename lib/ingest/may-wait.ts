import type { Instant } from '../clock.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import type { GroupConfig } from '../stores/ports.ts';
import type { Control } from '../stores/records.ts';

/** A report waits 10 s at most, and comes every 10 s: readings that go stale no sooner than this do not notice. */
const LEAST_STALE_MS = 30_000;
/** So long before a window of scale-in is whole nothing waits any more: a warm function's view of it is 15 s old, and what waits 10 s. */
const BEFORE_SCALE_IN_MS = 60_000;
/** A percentile is that of its window of 30 s from 20 samples on, and that window holds two whole slots. */
const ENOUGH_SAMPLES = 10;

/** Whether any report of the group may wait: its policies forget slowly and scale in slowly. */
export const groupMayWait = ({ services }: GroupConfig): boolean =>
  services.every(
    ({ policy: { mode, behavior } }) =>
      mode === 'off' || (behavior.staleAfterMs >= LEAST_STALE_MS && behavior.scaleIn.stabilizeMs >= 2 * BEFORE_SCALE_IN_MS),
  );

/** Whether the service could be scaled in within the next minute: then each evaluation has to see all there is. */
export function nearsScaleIn({ state, memory: { low } }: Control, config: GroupConfig, service: string, now: Instant): boolean {
  const policy = config.services.find(({ name }) => name === service)?.policy;
  if (low === undefined || policy === undefined) return false;
  const recent = now - policy.behavior.scaleIn.stabilizeMs + BEFORE_SCALE_IN_MS;
  if (low.since > recent) return false;
  // A want for what is there, within the window still a minute from now, stands against it.
  return state.kind === 'unknown' || !low.extremes.some(({ at, count }) => at > recent && count >= state.desired);
}

/** What a warm function saw before, as far as a report is compared with it. */
export interface SeenBefore {
  /** Utilisation of the process. */
  readonly utilization: number | undefined;
  readonly queue: (name: string) => QueueReadings | undefined;
  /** Samples of the service in its last whole slot. */
  readonly queueTimes: number;
  readonly appTimes: number;
}

/**
 * Whether an evaluation that does not see this report yet, which nears no target, scales out all the same. Rates are taken over whole
 * slots, in which the report is by then, and a percentile that is over its target with calm samples is over it without them. But of
 * a queue the newest value counts alone, and a median may lie half way between two processes: there only what is no news may wait.
 */
export function saysNothingNew(config: GroupConfig, service: string, digest: Digest, before: SeenBefore): boolean {
  const { web, queues, utilization } = digest;
  for (const { step, queueTime, appTime } of web) {
    // One that reaches back into slots that others take for whole.
    if (step > 0) return false;
    if (queueTime.count > 0 && before.queueTimes < ENOUGH_SAMPLES) return false;
    if (appTime.count > 0 && before.appTimes < ENOUGH_SAMPLES) return false;
  }
  const targets = config.services.flatMap(({ name, policy }) => policy.targets.map((target) => ({ name, target })));
  const jobs = targets.some(({ target: { kind } }) => kind === 'job-latency' || kind === 'job-depth');
  if (jobs && ![...queues].every(([name, readings]) => isIdle(readings) && same(readings, before.queue(name)))) return false;
  if (utilization === undefined) return true;
  const { value } = utilization;
  return targets.every(
    ({ name, target }) =>
      name !== service ||
      target.kind !== 'utilization' ||
      value <= (before.utilization ?? 0) ||
      // Together with another process at 100 % it stays below the target.
      (1 + value) / 2 <= target.target,
  );
}

const isIdle = ({ latency, depth }: QueueReadings) => !latency?.value && !depth?.value;
const same = (a: QueueReadings, b: QueueReadings | undefined) =>
  b !== undefined && a.latency?.value === b.latency?.value && a.depth?.value === b.depth?.value && a.busy?.value === b.busy?.value;
