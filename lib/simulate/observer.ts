import type { Instant } from '../clock.ts';
import type { SlotPoint, TargetSignals } from '../decide/observation.ts';
import type { Policy } from '../policy/policy.ts';
import { SLOT_MS } from '../reports/slot.ts';
import { type ObservedTargets, observeTargets } from '../signals/observe-targets.ts';
import type { ObservedReport } from '../signals/observed-report.ts';

/** Slots that an evaluation looks at, and of them those that its readings come from while there are samples enough. */
const SLOTS = 30;
const NEWEST = 7;
/** With fewer samples a percentile's window widens, to five minutes at most. */
const ENOUGH_SAMPLES = 20;

/**
 * What `observeTargets` says of the reports of the last five minutes, one report a slot and one observation after each. Most of an
 * observation is the same as ten seconds before: only the newest slots are worked out anew while reports come without a gap.
 */
export function createObserver(policy: Policy, service: string): (report: ObservedReport | undefined, now: Instant) => ObservedTargets {
  const reports: ObservedReport[] = [];
  let series: SlotPoint[][] | undefined;

  const observeAll = (now: Instant): ObservedTargets => {
    const observed = observeTargets(policy, service, reports, now);
    series = observed.targets.map((target) => [...target.series]);
    return observed;
  };

  return (report, now) => {
    if (report !== undefined) reports.push(report);
    while (reports[0] !== undefined && reports[0].slotAt < now - SLOTS * SLOT_MS) reports.shift();
    const newest = reports.slice(-NEWEST);
    const gapless = newest.length === NEWEST && newest.every(({ slotAt }, i) => slotAt === now - (NEWEST - i) * SLOT_MS);
    if (!gapless || series === undefined) return observeAll(now);
    const observed = observeTargets(policy, service, newest, now);
    if (observed.targets.some((target) => isPercentile(target) && target.samples < ENOUGH_SAMPLES)) return observeAll(now);
    const kept = series;
    const targets = observed.targets.map((target, i) => {
      const points = kept[i] as SlotPoint[];
      const point = target.series.at(-1);
      if (point !== undefined) points.push(point);
      // A series begins with a slot in which something was reported.
      while (points[0] !== undefined && (points[0].at < now - (SLOTS - 1) * SLOT_MS || points[0].reports === 0)) points.shift();
      return { ...target, series: points.slice() };
    });
    return { ...observed, targets };
  };
}

const isPercentile = ({ label }: TargetSignals) => /^p\d/.test(label);
