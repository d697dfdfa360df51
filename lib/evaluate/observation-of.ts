import type { Instant } from '../clock.ts';
import type { BoundsInterval, Observation } from '../decide/observation.ts';
import type { ObservedTargets } from '../signals/observe-targets.ts';
import type { Control, Pause } from '../stores/records.ts';
import type { Seen } from './evaluate-group.ts';
import { inFlight } from './next-control.ts';

/** What the core is told: what was measured, what ECS says, what the calendar and people want, and what is under way. */
export function observationOf(
  control: Control,
  { targets, lastReportAt }: ObservedTargets,
  intervals: readonly BoundsInterval[],
  now: Instant,
  others: {
    readonly seen?: Seen | undefined;
    readonly pauses?: readonly Pause[];
    readonly breaker?: string | undefined;
    readonly rival?: string | undefined;
  } = {},
): Observation {
  const { seen, pauses = [], breaker, rival } = others;
  const pending = inFlight(control, now);
  return {
    state: seen?.state ?? control.state,
    ...(lastReportAt === undefined ? {} : { lastReportAt }),
    targets,
    intervals,
    paused: pausedBy(pauses),
    ...(breaker === undefined ? {} : { breaker }),
    ...(rival === undefined ? {} : { rival }),
    ...(control.lastWrite ? { lastWrite: control.lastWrite } : {}),
    ...(pending ? { inFlight: pending } : {}),
  };
}

function pausedBy(pauses: readonly Pause[]): Observation['paused'] {
  const why = pauses.map((p) => p.why).join('; ');
  return { in: pauses.some((p) => p.in), out: pauses.some((p) => p.out), ...(why ? { why } : {}) };
}
