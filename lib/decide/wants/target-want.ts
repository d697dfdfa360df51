import type { Target } from '../../policy/policy.ts';
import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { Reading, TargetSignals } from '../observation.ts';
import { duration, percent } from '../sentence.ts';
import { drainJobsWant } from './drain-jobs.ts';
import { drainWebWant } from './drain-web.ts';
import { ratioWant, type Share } from './per-task.ts';
import { type RangeReading, rangeWant } from './range.ts';
import { metricWant, sharedWant } from './shared-want.ts';
import { unknownWant, usable, type Want } from './want.ts';

/** What one target wants: its reading, checked, through the rule that the policy or the engine chose. */
export function targetWant(target: Target, signals: TargetSignals | undefined, learned: Learned | null, facts: Facts): Want {
  if (signals === undefined) return unknownWant({ code: 'TargetUnknown', why: `nothing was observed for the target ${target.kind}` });
  const reading = usable(signals.reading, facts, signals.label, signals.freshForMs);
  if (!('value' in reading)) return atLeastWant(target, signals, learned, facts) ?? unknownWant(reading);
  const newest = usable(signals.recent, facts, signals.label);
  const values = { value: reading.value, ...('value' in newest && { newest: newest.value }), label: signals.label };
  const want = wantOf(target, signals, values, learned, facts);
  if (want.count !== null && !Number.isFinite(want.count))
    return unknownWant({ code: 'TargetUnknown', why: `${signals.label} gives no number of tasks` });
  return keepOne(want, target, signals, facts);
}

/**
 * Of several queues one is not reported: what the others hold may be why tasks are added, or why those ordered are waited for, and
 * for nothing else.
 */
function atLeastWant(target: Target, signals: TargetSignals, learned: Learned | null, facts: Facts): Want | undefined {
  if (signals.atLeast === undefined) return undefined;
  const label = `${signals.label}, of the queues that are reported,`;
  const part = usable({ kind: 'known', ...signals.atLeast }, facts, label, signals.freshForMs);
  if (!('value' in part)) return undefined;
  const want = wantOf(target, signals, { value: part.value, label }, learned, facts);
  if (want.count === null || !Number.isFinite(want.count)) return undefined;
  const { desired } = facts.state;
  return want.count > desired || (want.count === desired && want.code === 'AwaitingStartUp') ? want : undefined;
}

type Values = { readonly value: number; readonly newest?: number; readonly label: string };

function wantOf(target: Target, signals: TargetSignals, values: Values, learned: Learned | null, facts: Facts): Want {
  const { by, step } = target;
  switch (target.kind) {
    case 'request-queue-time': {
      const range: RangeReading = { ...values, top: target.topMs, low: target.lowMs, step, show: duration, series: signals.series };
      return by === 'range' || by === 'per-task' ? rangeWant(range, facts) : drainWebWant(target, range, signals, learned, facts);
    }
    case 'response-time':
      // A slow answer may come from anywhere: a step, and a look at what it did, is all that is sure.
      return rangeWant({ ...values, top: target.topMs, low: target.lowMs, step, show: duration, series: signals.series }, facts);
    case 'job-latency': {
      const range: RangeReading = { ...values, top: target.topMs, low: target.lowMs, step, show: duration };
      return by === 'range' || by === 'per-task' ? rangeWant(range, facts) : drainJobsWant(target, range, signals, learned, facts);
    }
    case 'job-depth': {
      const busy = target.includeBusy ? known(signals.busy, facts) : 0;
      const total = { ...values, value: values.value + busy, ...(values.newest !== undefined && { newest: values.newest + busy }) };
      const want = sharedWant(target, total, facts);
      return target.includeBusy ? notFewer(want, signals, facts) : want;
    }
    case 'utilization': {
      const share: Share = { ...values, target: target.target, low: target.low, show: percent };
      return by === 'range'
        ? rangeWant({ ...values, top: target.target, low: target.low, step, show: percent }, facts)
        : ratioWant(share, facts);
    }
    case 'metric':
      return metricWant(target, values, facts);
  }
}

/** Jobs that run were told of before and are not now: they may still run, so that no task is taken from them. */
function notFewer(want: Want, signals: TargetSignals, facts: Facts): Want {
  const { desired } = facts.state;
  const lost = busyWasTold(signals) ? usable(signals.busy, facts, 'the number of running jobs') : undefined;
  if (lost === undefined || 'value' in lost || want.count === null || want.count >= desired) return want;
  return { ...want, count: desired, code: 'BusyUnknown', why: `${want.why}; ${lost.why}` };
}

const busyWasTold = ({ series }: TargetSignals): boolean => series.some(({ busy }) => busy !== undefined);

const known = (reading: Reading, facts: Facts): number => {
  const busy = usable(reading, facts, '');
  return 'value' in busy ? busy.value : 0;
};

/**
 * To zero only where something else can wake the service and nothing is waiting or running. Requests
 * come to the service itself: at zero nobody would report them. A queue must be known to be empty.
 */
function keepOne(want: Want, target: Target, signals: TargetSignals, facts: Facts): Want {
  const { desired } = facts.state;
  if (want.count !== 0 || desired === 0) return want;
  const keep = (code: 'KeepOneForRequests' | 'NotKnownEmpty', why: string): Want => ({
    ...want,
    count: 1,
    code,
    why: `${want.why}; ${why}`,
  });
  if (target.kind === 'job-latency' || target.kind === 'job-depth')
    return isEmpty(signals, facts) ? want : keep('NotKnownEmpty', 'one task stays until the queue is known to be empty');
  if (target.kind === 'metric')
    return signals.reading.kind === 'known' && signals.reading.value === 0
      ? want
      : keep('NotKnownEmpty', 'one task stays until the metric is 0');
  return keep('KeepOneForRequests', 'one task stays, for without any nobody reports requests');
}

/** Nothing waits, as the newest says, and nothing runs, where an adapter tells. */
function isEmpty(signals: TargetSignals, facts: Facts): boolean {
  if (signals.reading.kind !== 'known' || signals.reading.value > 0) return false;
  const waiting = signals.series.findLast((slot) => slot.depth !== undefined)?.depth ?? 0;
  if (busyWasTold(signals) && !('value' in usable(signals.busy, facts, 'busy'))) return false;
  return waiting === 0 && known(signals.busy, facts) === 0;
}
