import type { Instant } from '../clock.ts';
import { boundsAt } from '../decide/bounds.ts';
import type { Reading } from '../decide/observation.ts';
import { startUpOf } from '../decide/start-up.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { PointStore } from '../stores/ports.ts';
import type { Point } from '../stores/records.ts';
import type { Evaluated } from './evaluate-service.ts';
import { intervalsOf } from './intervals.ts';

/** Services whose points share an item: about 2 KB, so that one write is two or three units. */
const SERVICES_PER_ITEM = 40;
/** Services that a warm function remembers having written. */
const MOST_REMEMBERED = 20_000;

export interface PointRecorder {
  /**
   * Keeps a point of each service just evaluated, unless this function kept one within the same minute. `group`: all services
   * of the group, in their stored order. Never fails: a chart with a gap harms nobody.
   */
  record(customer: string, group: string, services: readonly ServiceConfig[], evaluated: readonly Evaluated[], now: Instant): Promise<void>;
}

/** @param everyMs a point per service in this time; a minute, but for a local run, which somebody watches. */
export function createPointRecorder(store: Pick<PointStore, 'put'>, journal: Journal, everyMs: number = 60_000): PointRecorder {
  const written = new Map<string, Instant>();
  return {
    async record(customer, group, services, evaluated, now) {
      const slot = Math.floor(now / everyMs) * everyMs;
      const keyOf = (name: string) => `${customer}#${group}#${name}`;
      const due = evaluated.filter(({ config }) => written.get(keyOf(config.name)) !== slot);
      if (due.length === 0) return;
      if (written.size > MOST_REMEMBERED) written.clear();
      for (const { config } of due) written.set(keyOf(config.name), slot);
      const place = new Map(services.map(({ name }, index) => [name, Math.floor(index / SERVICES_PER_ITEM)]));
      const parts = new Map<number, { service: string; point: Omit<Point, 'at'> }[]>();
      for (const one of due) {
        const part = place.get(one.config.name) ?? 0;
        parts.set(part, [...(parts.get(part) ?? []), { service: one.config.name, point: pointOf(one, now) }]);
      }
      try {
        await Promise.all([...parts].map(([part, points]) => store.put(customer, group, slot, part, points)));
      } catch (error) {
        journal.warn('Points for charts could not be kept', { customer, group, error: String(error) });
      }
    },
  };
}

function pointOf({ config, control, targets }: Evaluated, now: Instant): Omit<Point, 'at'> {
  const { state, memory } = control;
  const startUp = startUpOf(config.policy.behavior.startUpMs, memory.startUps);
  const { floor, cap } = boundsAt(config.policy, intervalsOf(config, now), startUp.p95Ms, now);
  return {
    desired: state.kind === 'known' ? state.desired : null,
    running: state.kind === 'known' ? state.running : null,
    floor,
    cap,
    values: targets.map(({ reading }) => shortened(reading)),
  };
}

/** Three digits are more than a chart shows, and digits are what storage costs. */
const shortened = (reading: Reading): number | null => (reading.kind === 'known' ? Number(reading.value.toPrecision(3)) : null);
