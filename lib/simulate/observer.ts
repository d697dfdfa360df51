import type { Instant } from '../clock.ts';
import type { SlotPoint, TargetSignals } from '../decide/observation.ts';
import type { Policy } from '../policy/policy.ts';
import { SLOT_MS, slotStart } from '../reports/slot.ts';
import { type ObservedTargets, observeTargets } from '../signals/observe-targets.ts';
import { SLOTS, type SlotReports } from './reporters.ts';

/** Of the slots that an evaluation looks at, those that its readings come from while there are samples enough. */
const NEWEST = 7;
/** With fewer samples a percentile's window widens, to five minutes at most. */
const ENOUGH_SAMPLES = 20;

/**
 * What `observeTargets` says of the reports of the last five minutes. Most of an observation is the same as some seconds before: only
 * the newest slots are worked out anew while reports come without a gap.
 */
export function createObserver(policy: Policy, service: string): (slots: readonly SlotReports[], now: Instant) => ObservedTargets {
  /** Of each target the points of slots that were whole, oldest first. */
  let kept: SlotPoint[][] | undefined;

  const observe = (slots: readonly SlotReports[], now: Instant) =>
    observeTargets(
      policy,
      service,
      slots.flatMap(({ reports }) => reports),
      now,
    );
  const observeAll = (slots: readonly SlotReports[], now: Instant): ObservedTargets => {
    const observed = observe(slots, now);
    kept = observed.targets.map(({ series }) => series.filter(({ at }) => at + SLOT_MS <= now));
    return observed;
  };

  return (slots, now) => {
    const newest = slots.slice(-NEWEST);
    const end = slotStart(now - 1);
    const from = end - (NEWEST - 1) * SLOT_MS;
    const gapless = newest.length === NEWEST && newest.every(({ slotAt }, i) => slotAt === from + i * SLOT_MS);
    const known = kept;
    if (!gapless || known === undefined || known.some((points) => (points.at(-1)?.at ?? 0) < from - SLOT_MS)) return observeAll(slots, now);
    const observed = observe(newest, now);
    if (observed.targets.some((target) => isPercentile(target) && target.samples < ENOUGH_SAMPLES)) return observeAll(slots, now);
    const oldest = slotStart(now) - (SLOTS - 1) * SLOT_MS;
    const targets = observed.targets.map((target, i) => {
      const points = known[i] as SlotPoint[];
      while (points.length > 0 && (points.at(-1) as SlotPoint).at >= from) points.pop();
      // A series begins with a slot in which something was reported.
      while (points[0] !== undefined && (points[0].at < oldest || points[0].reports === 0)) points.shift();
      const series = [...points, ...target.series];
      for (const point of target.series) if (point.at + SLOT_MS <= now) points.push(point);
      return { ...target, series };
    });
    return { ...observed, targets };
  };
}

const isPercentile = ({ label }: TargetSignals) => /^p\d/.test(label);
