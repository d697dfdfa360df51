import type { Instant } from '../clock.ts';
import type { Digest, QueueReadings } from '../reports/digest.ts';
import type { GroupConfig } from '../stores/ports.ts';
import type { Control } from '../stores/records.ts';

/** A report comes every 10 s and waits 30 s at most: readings that go stale no sooner than this do not notice. */
const LEAST_STALE_MS = 60_000;
/** So long before a window of scale-in is whole nothing waits any more: a warm function's view of it is 15 s old, what waits 30 s, what is read 30 s. */
const BEFORE_SCALE_IN_MS = 90_000;
/** In half a minute. A percentile is that of its window from 20 samples on; with fewer it looks further back. */
const ENOUGH_SAMPLES = 20;

/** Whether any report of the group may wait: its policies forget slowly and scale in slowly. */
export const groupMayWait = ({ services }: GroupConfig): boolean =>
  services.every(
    ({ policy: { mode, behavior } }) =>
      mode === 'off' || (behavior.staleAfterMs >= LEAST_STALE_MS && behavior.scaleIn.stabilizeMs > BEFORE_SCALE_IN_MS),
  );

/**
 * Whether what the service needs is worked out from the rate of its requests: by queueing theory, once it is known what a task serves at
 * once. Rates are taken over whole slots, so that nothing may wait longer than its slot lasts.
 */
export const goesByRate = ({ memory: { learned } }: Control, config: GroupConfig, service: string): boolean =>
  config.services.some(
    ({ name, policy }) =>
      name === service &&
      policy.targets.some(
        (target, i) =>
          target.kind === 'request-queue-time' &&
          (target.by === 'auto' || target.by === 'drain') &&
          (target.concurrency !== undefined || learned[i]?.proven === true),
      ),
  );

/** Whether the service could be scaled in within the next one and a half minutes: then each evaluation has to see all there is. */
export function nearsScaleIn({ state, memory: { low } }: Control, config: GroupConfig, service: string, now: Instant): boolean {
  const policy = config.services.find(({ name }) => name === service)?.policy;
  if (low === undefined || policy === undefined) return false;
  const recent = now - policy.behavior.scaleIn.stabilizeMs + BEFORE_SCALE_IN_MS;
  if (low.since > recent) return false;
  // A want for what is there, within the window still by then, stands against it.
  return state.kind === 'unknown' || !low.extremes.some(({ at, count }) => at > recent && count >= state.desired);
}

/** What a warm function saw before, as far as a report is compared with it. */
export interface SeenBefore {
  /** Utilisation of the process. */
  readonly utilization: number | undefined;
  readonly queue: (name: string) => QueueReadings | undefined;
  /** Samples of the service in the half minute before this one. */
  readonly queueTimes: number;
  readonly appTimes: number;
}

/**
 * Whether an evaluation that does not see this report yet, which nears no target, scales out all the same: a percentile that is over
 * its target with calm samples is over it without them. But of a queue the newest value counts alone, and a median may lie half way between two processes: there only what is no news may wait.
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
