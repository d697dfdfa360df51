import type { Schedule, ServiceConfig } from '../../../lib/policy/policy.ts';
import type { CloudService } from '../customer-cloud.ts';
import { comesTwice, localMinute } from '../local-time.ts';
import type { Session } from '../session.ts';
import { heldBetween, type KnownDecision } from '../truth.ts';
import { invocationOf, MOST_SKEW_MS, type Scene } from './scene.ts';

type WeeklySchedule = Extract<Schedule, { readonly kind: 'weekly' }>;

interface Limits {
  readonly floor: number;
  readonly cap: number;
}

/** Floor and cap by the policy's own words and the platform's calendar: nothing of how the system works them out. */
export function limitsAt({ policy, overrides = [] }: ServiceConfig, at: number): Limits {
  let floor = policy.min;
  let cap = policy.max;
  const apply = (bound: { readonly min?: number; readonly max?: number }) => {
    floor = Math.max(floor, bound.min ?? 0);
    cap = Math.min(cap, bound.max ?? Number.POSITIVE_INFINITY);
  };
  for (const override of overrides) if (override.from <= at && at < override.until) apply(override);
  for (const schedule of policy.schedules) {
    if (schedule.kind !== 'weekly') throw new Error('the scenarios have weekly schedules only');
    if (isInForce(schedule, at)) apply(schedule);
  }
  return { floor: Math.min(floor, cap), cap };
}

/** Where a local time comes twice, a window goes from the first time that it begins to the last that it ends. */
function isInForce({ from: begins, to: ends, timezone }: WeeklySchedule, at: number): boolean {
  const [from, to] = [minutesOf(begins), minutesOf(ends)];
  const within = (instant: number) => {
    const minute = localMinute(instant, timezone);
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  };
  if (within(at)) return true;
  if (!comesTwice(at, timezone)) return false;
  const minutes = Array.from({ length: 60 }, (_, i) => (i + 1) * 60_000);
  const goesOn = (instant: number) => within(instant) || localMinute(instant, timezone) === to;
  return minutes.some((ms) => within(at - ms)) && minutes.some((ms) => goesOn(at + ms));
}

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** The widest that the bounds were at any moment in which the sender may have looked. */
function widest(configs: readonly ServiceConfig[], from: number, to: number): Limits {
  let [floor, cap] = [Number.POSITIVE_INFINITY, 0];
  for (const config of configs)
    for (let at = from; at <= to + 999; at += 1_000) {
      const limits = limitsAt(config, Math.min(at, to));
      floor = Math.min(floor, limits.floor);
      cap = Math.max(cap, limits.cap);
    }
  return { floor, cap };
}

/** Invariant 1: what is sent, against the floor, cap, mode and pauses that were in force between the sender's look and the sending. */
export function checkBounds(
  scene: Scene,
  by: string,
  session: Session,
  input: Readonly<Record<string, unknown>>,
  service: CloudService,
  known: KnownDecision,
) {
  const { truth, scheduler } = scene;
  const fail = (why: string) => scene.fail('1 bounds', `${session.name} of ${known.customer}/${known.service}: ${why}`);
  const fields = Object.keys(input).sort().join(',');
  if (fields !== 'cluster,desiredCount,service') return fail(`sent ${fields}, not cluster, desiredCount and service alone`);
  const count = Number(input['desiredCount']);
  if (!Number.isInteger(count) || count < 0) return fail(`sent the count ${String(input['desiredCount'])}`);
  const invocation = invocationOf(scene, by);
  const group = `${known.customer}#g#${known.group}`;
  const readAt = invocation?.reads.get(`${group} config#${known.service}`);
  const pausesReadAt = invocation?.reads.get(`${group} pause#${known.service}`);
  if (readAt === undefined || pausesReadAt === undefined)
    return fail('sent without having looked at the policy and the pauses as they are now');
  const configs = heldBetween(truth.configs.get(`${known.customer}/${known.service}`), readAt, scheduler.now).filter(
    (config) => config !== undefined,
  );
  if (configs.length === 0) return fail('sent for a service that nobody has under care');
  const seen = invocation?.described.get(service.arn);
  if (seen === undefined) return fail('sent without having looked at the service');
  const out = count > seen.desired;
  if (count === seen.desired) return fail(`sent ${count}, which was found`);
  if (!configs.some(({ policy: { mode } }) => mode === 'on' || (mode === 'out-only' && out)))
    fail(`changed ${seen.desired} to ${count} in mode ${configs[0]?.policy.mode}`);
  for (const scope of [`${group} pause#${known.service}`, `${known.customer}#p pause`, '~operator pause']) {
    const versions = truth.pauses.get(scope) ?? [];
    // One that was ordered after the look came too late for this decision.
    if ((versions[0]?.from ?? Number.POSITIVE_INFINITY) > pausesReadAt) continue;
    const held = heldBetween(versions, pausesReadAt, scheduler.now);
    const paused =
      held.length > 0 &&
      held.every((pause) => pause !== undefined && (out ? pause.out : pause.in) && pause.until > scheduler.now + MOST_SKEW_MS);
    if (paused) fail(`changed ${seen.desired} to ${count} while paused by ${scope}`);
  }
  const { floor, cap } = widest(configs, readAt - MOST_SKEW_MS, scheduler.now + MOST_SKEW_MS);
  if (count < floor) fail(`sent ${count}, under the floor of ${floor}`);
  if (out && count > cap) fail(`sent ${count} over the cap of ${cap}, from ${seen.desired}`);
}
