import type { Instant } from '../clock.ts';
import type { Policy } from '../policy/policy.ts';
import { SLOT_MS, slotStart } from '../reports/slot.ts';
import { breachesTarget } from '../signals/breaches.ts';
import type { ObservedReport } from '../signals/observed-report.ts';
import type { History } from './scaler.ts';
import { type Reported, reportOf } from './simulated-report.ts';
import { PERIOD_S, type SentReport, TaskReports } from './task-reports.ts';

/** An evaluation looks at the reports of so many slots. */
export const SLOTS = 30;
/** Percentiles are of the last 30 s: of the slots that these lie in, it matters which report came when. */
const SINGLE_SLOTS = 4;
/** Less than production's caution takes off: no shorter wait makes a report breach its target. */
const SURELY_BELOW = 0.9;

/** The reports of one slot, as far as they have come. */
export interface SlotReports {
  readonly slotAt: Instant;
  readonly whole: boolean;
  readonly reports: readonly ObservedReport[];
}

/** What came in a second: nothing, reports that breach no target, or one that does. */
export type Heard = 'nothing' | 'calm' | 'breach';

export interface Reporters {
  /** Takes in what is reported at the start of this second. @param running tasks at work in the second before. */
  report(now: number, running: number, history: History): Heard;
  /** What is stored of the last five minutes, oldest first; slots without a report are left out. */
  slots(now: number, history: History): SlotReports[];
}

/**
 * Tasks report each ten seconds, each at a time of its own. So a breach is seen by the first report after it, and a slot holds what was measured
 * in it and in part of the one before. What was reported is worked out when somebody looks at it: while no wait comes near a target slot by
 * slot, as one report at the time of the last. Of jobs the app that enqueues them reports, too.
 */
export function createReporters(reported: Reported, policy: Policy): Reporters {
  const { scenario, epoch } = reported;
  const isWeb = scenario.kind === 'requests';
  const tops = policy.targets.flatMap((target) => (target.kind === 'request-queue-time' ? [target.topMs] : []));
  const leastTop = Math.min(Number.POSITIVE_INFINITY, ...tops);
  const onlyQueueTime = policy.targets.every(({ kind }) => kind === 'request-queue-time');
  const reports = new TaskReports();
  const sent: SentReport[] = [];
  const single = new Map<number, ObservedReport | undefined>();
  const whole = new Map<Instant, ObservedReport | undefined>();

  const singleOf = (report: SentReport, history: History) => {
    if (!single.has(report.at)) single.set(report.at, reportOf(reported, history, [report]));
    return single.get(report.at);
  };
  const isCalm = (from: number, to: number, history: History) => onlyQueueTime && history.longestMs(from, to) < leastTop * SURELY_BELOW;
  const slotOf = (at: number) => slotStart(epoch + at * 1_000 - 1);
  const forget = (now: number) => {
    const oldest = slotOf(now) - SLOTS * SLOT_MS;
    for (let first = sent[0]; first !== undefined && slotOf(first.at) < oldest; first = sent[0]) {
      single.delete(first.at);
      whole.delete(slotOf(first.at));
      sent.shift();
    }
  };

  return {
    report(now, running, history) {
      const tasks = reports.at(now, running) + (!isWeb && now % PERIOD_S === 0 ? 1 : 0);
      if (tasks === 0 || history.second(now - 1) === undefined) return 'nothing';
      const report = { at: now, tasks };
      sent.push(report);
      forget(now);
      if (isWeb && isCalm(now - PERIOD_S, now, history)) return 'calm';
      const digest = singleOf(report, history)?.digest;
      return digest !== undefined && breachesTarget(policy, true, digest) ? 'breach' : 'calm';
    },

    slots(now, history) {
      const at = epoch + now * 1_000;
      forget(now);
      const found: { slotAt: Instant; sent: SentReport[] }[] = [];
      for (const report of sent) {
        const slotAt = slotOf(report.at);
        const last = found.at(-1);
        if (last?.slotAt === slotAt) last.sent.push(report);
        else found.push({ slotAt, sent: [report] });
      }
      const singleFrom = slotStart(at - 1) - (SINGLE_SLOTS - 1) * SLOT_MS;
      const calm = isWeb && isCalm(now - (SINGLE_SLOTS + 1) * PERIOD_S, now, history);
      return found.flatMap(({ slotAt, sent: own }) => {
        const isWhole = slotAt + SLOT_MS <= at;
        const apart = !calm && isWeb && slotAt >= singleFrom;
        if (apart)
          return toSlot(
            slotAt,
            isWhole,
            own.map((report) => singleOf(report, history)),
          );
        if (isWhole && !whole.has(slotAt)) whole.set(slotAt, reportOf(reported, history, isWeb ? own : own.slice(-1)));
        return toSlot(slotAt, isWhole, [isWhole ? whole.get(slotAt) : reportOf(reported, history, isWeb ? own : own.slice(-1))]);
      });
    },
  };
}

function toSlot(slotAt: Instant, whole: boolean, found: readonly (ObservedReport | undefined)[]): SlotReports[] {
  const reports = found.flatMap((report) => report ?? []);
  return reports.length === 0 ? [] : [{ slotAt, whole, reports }];
}
