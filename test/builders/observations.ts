import type { Observation, Reading, SlotPoint, StateReading, TargetSignals } from '../../lib/decide/observation.ts';
import { T0 } from './times.ts';

export const known = (value: number, at: number = T0): Reading => ({ kind: 'known', value, at });
export const unknown = (why = 'nothing was reported'): Reading => ({ kind: 'unknown', why });

type KnownState = Extract<StateReading, { kind: 'known' }>;

/** `desired` tasks, all of them running, no deployment. */
export const aState = (desired: number, overrides: Partial<KnownState> = {}): KnownState => ({
  kind: 'known',
  at: T0,
  desired,
  running: desired,
  pending: 0,
  deployment: 'none',
  ...overrides,
});

export const aSignal = (reading: Reading, overrides: Partial<TargetSignals> = {}): TargetSignals => ({
  reading,
  recent: unknown('too few samples in the newest 10 s'),
  label: 'p95 queue time of the last 30 s',
  samples: 100,
  busy: unknown('no adapter says'),
  series: [],
  ...overrides,
});

/** Slots of 10 s up to `now`, oldest first; `point` fills the slot that began so many seconds ago. */
export const aSeries = (slots: number, now: number, point: (secondsAgo: number) => Omit<SlotPoint, 'at' | 'reports'>): SlotPoint[] =>
  Array.from({ length: slots }, (_, i) => {
    const at = Math.floor(now / 10_000) * 10_000 - (slots - i) * 10_000;
    return { at, reports: 1, ...point((now - at) / 1_000) };
  });

/** Two tasks, all quiet; one target with a reading in the middle of its range. */
export const anObservation = (overrides: Partial<Observation> = {}): Observation => ({
  state: aState(2),
  lastReportAt: T0,
  targets: [aSignal(known(20))],
  intervals: [],
  paused: { in: false, out: false },
  ...overrides,
});
