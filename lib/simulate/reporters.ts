import type { Instant } from '../clock.ts';
import type { Policy } from '../policy/policy.ts';
import { SLOT_MS, slotStart } from '../reports/slot.ts';
import { breachesTarget } from '../signals/breaches.ts';
import type { ObservedReport } from '../signals/observed-report.ts';
import type { History } from './scaler.ts';
import { type Reported, reportOf, type SentReport } from './simulated-report.ts';

const SLOT_S = SLOT_MS / 1_000;
/** An evaluation looks at the reports of so many slots. */
export const SLOTS = 30;
/** Percentiles are of the last 30 s: of the slots that these lie in, it matters which report came when. */
const SINGLE_SLOTS = 4;
/** A sketch's error, and that of the production's own caution: no shorter wait makes a report breach its target. */
const SURELY_BELOW = 0.9;

/** The reports of one slot, as far as they have come. */
export interface SlotReports {
  readonly slotAt: Instant;
  readonly whole: boolean;
  readonly reports: readonly ObservedReport[];
}

export interface Reporters {
  /** Takes in what is reported in this second. @returns whether one of the reports breaches a target. */
  report(now: number, running: number, history: History): boolean;
  /** What is stored of the last five minutes, oldest first; slots without a report are left out. */
  slots(now: number, history: History): SlotReports[];
}

/**
 * Tasks report each ten seconds, each at a time of its own: in every second a tenth of them, or where there are fewer than ten, one now and then.
 * So a breach is seen by the first report after it, and a slot holds what was measured in it and in part of the one before. What was
 * reported is worked out when somebody looks at it: while no wait is anywhere near a target, slot by slot.
 */
export function createReporters(reported: Reported, policy: Policy): Reporters {
  const { scenario, epoch } = reported;
  const isWeb = scenario.kind === 'requests';
  const tops = policy.targets.flatMap((target) => (target.kind === 'request-queue-time' ? [target.topMs] : []));
  const leastTop = Math.min(Number.POSITIVE_INFINITY, ...tops);
  const onlyQueueTime = policy.targets.every(({ kind }) => kind === 'request-queue-time');
  const sent: SentReport[] = [];
  const single = new Map<number, ObservedReport | undefined>();
  const whole = new Map<Instant, ObservedReport | undefined>();

  const singleOf = (report: SentReport, history: History) => {
    if (!single.has(report.at)) single.set(report.at, reportOf(reported, history, [report]));
    return single.get(report.at);
  };
  const isCalm = (from: number, to: number, history: History) => onlyQueueTime && history.longestMs(from, to) < leastTop * SURELY_BELOW;
  const slotOf = (at: number) => slotStart(epoch + at * 1_000 - 1);

  return {
    report(now, running, history) {
      if (isWeb && running === 0) return false;
      const groups = Math.min(SLOT_S, Math.max(1, running));
      let reports = 0;
      for (let group = 0; group < groups; group++) if (now % SLOT_S === Math.floor((group * SLOT_S) / groups)) reports++;
      if (reports === 0 || history.second(now - 1) === undefined) return false;
      const report = { at: now, share: reports / groups };
      sent.push(report);
      const oldest = slotOf(now) - SLOTS * SLOT_MS;
      while (sent[0] !== undefined && slotOf(sent[0].at) < oldest) {
        single.delete(sent[0].at);
        whole.delete(slotOf(sent[0].at));
        sent.shift();
      }
      if (isWeb && isCalm(now - SLOT_S, now, history)) return false;
      const digest = singleOf(report, history)?.digest;
      return digest !== undefined && breachesTarget(policy, true, digest);
    },

    slots(now, history) {
      const at = epoch + now * 1_000;
      const found: { slotAt: Instant; sent: SentReport[] }[] = [];
      for (const report of sent) {
        const slotAt = slotOf(report.at);
        const last = found.at(-1);
        if (last?.slotAt === slotAt) last.sent.push(report);
        else found.push({ slotAt, sent: [report] });
      }
      const singleFrom = slotStart(at - 1) - (SINGLE_SLOTS - 1) * SLOT_MS;
      const calm = isWeb && isCalm(now - (SINGLE_SLOTS + 1) * SLOT_S, now, history);
      return found.flatMap(({ slotAt, sent: reports }) => {
        const isWhole = slotAt + SLOT_MS <= at;
        const apart = !calm && isWeb && slotAt >= singleFrom;
        if (apart)
          return toSlot(
            slotAt,
            isWhole,
            reports.map((report) => singleOf(report, history)),
          );
        if (isWhole && !whole.has(slotAt)) whole.set(slotAt, reportOf(reported, history, isWeb ? reports : reports.slice(-1)));
        return toSlot(slotAt, isWhole, [isWhole ? whole.get(slotAt) : reportOf(reported, history, isWeb ? reports : reports.slice(-1))]);
      });
    },
  };
}

function toSlot(slotAt: Instant, whole: boolean, found: readonly (ObservedReport | undefined)[]): SlotReports[] {
  const reports = found.flatMap((report) => report ?? []);
  return reports.length === 0 ? [] : [{ slotAt, whole, reports }];
}
