import { safeParse } from '../safe-parse.ts';
import { defaultBehavior, values } from './default-values.ts';
import type { Behavior, RateLimit, Schedule, ServiceConfig } from './policy.ts';
import { loadTarget, storeTarget } from './store-target.ts';
import { type StoredBehavior, type StoredSchedule, type StoredService, storedSchema, storedService } from './stored-service.ts';
import { fileConfig } from './tag-limits.ts';
import { unless } from './unless.ts';

/** A service's config as plain JSON for the table, without what equals its default, and as its file has it: tags are kept apart. */
export function storeServiceConfig(config: ServiceConfig): StoredService {
  const { customer, name, group, arn, policy } = fileConfig(config);
  const behavior = storeBehavior(policy.behavior);
  return {
    schema: storedSchema,
    customer,
    name,
    ...unless('group', group, values.group),
    arn,
    mode: policy.mode,
    min: policy.min,
    max: policy.max,
    ...unless('active', policy.activeMin),
    targets: policy.targets.map(storeTarget),
    ...(Object.keys(behavior).length === 0 ? {} : { behavior }),
    ...(policy.schedules.length === 0 ? {} : { schedules: policy.schedules.map(storeSchedule) }),
  };
}

/** The same service again, or why what is stored is none (written by a newer Sluice, for one). */
export function parseStoredServiceConfig(
  value: unknown,
): { readonly ok: true; readonly config: ServiceConfig } | { readonly ok: false; readonly why: string } {
  const parsed = safeParse(storedService, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      ok: false,
      why: `not a stored service of schema ${storedSchema}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}`,
    };
  }
  const { customer, name, group, arn, mode, min, max, active, targets, schedules } = parsed.data;
  const behavior = parsed.data.schema === 1 ? withOldDefaults(parsed.data.behavior) : parsed.data.behavior;
  const policy = {
    mode,
    min,
    max,
    ...unless('activeMin', active),
    targets: targets.map(loadTarget),
    behavior: loadBehavior(behavior ?? {}),
    schedules: (schedules ?? []).map(loadSchedule),
  };
  return { ok: true, config: { customer, name, group: group ?? values.group, arn, policy } };
}

/** What schema 1 left out where it was the default, and is not any more. */
const withOldDefaults = (behavior: StoredBehavior = {}): StoredBehavior => ({
  ...behavior,
  out: {
    ...behavior.out,
    max: behavior.out?.max ?? [
      { tasks: 4, per: 15_000 },
      { share: 1, per: 15_000 },
    ],
  },
});

function storeBehavior(behavior: Behavior): StoredBehavior {
  const { deadBand, panic, staleAfterMs, fallback, busy, respectManualMs, startUpMs } = behavior;
  const normal = defaultBehavior;
  const out = storeDirection(behavior.scaleOut, normal.scaleOut);
  const down = storeDirection(behavior.scaleIn, normal.scaleIn);
  const normalPanic = panic?.threshold === normal.panic?.threshold && panic?.windowMs === normal.panic?.windowMs;
  const storedPanic: [number, number] | null = panic ? [panic.threshold, panic.windowMs] : null;
  return {
    ...(Object.keys(out).length === 0 ? {} : { out }),
    ...(Object.keys(down).length === 0 ? {} : { in: down }),
    ...unless('deadBand', deadBand, normal.deadBand),
    ...(normalPanic ? {} : { panic: storedPanic }),
    ...unless('stale', staleAfterMs, normal.staleAfterMs),
    ...(fallback ? { fallback: [fallback.tasks, fallback.afterMs] satisfies [number, number] } : {}),
    ...unless('busy', busy, normal.busy),
    ...unless('manual', respectManualMs, normal.respectManualMs),
    ...unless('startUp', startUpMs),
  };
}

function loadBehavior(stored: StoredBehavior): Behavior {
  const normal = defaultBehavior;
  const panic =
    stored.panic === undefined
      ? normal.panic
      : stored.panic === null
        ? undefined
        : { threshold: stored.panic[0], windowMs: stored.panic[1] };
  return {
    scaleOut: loadDirection(stored.out ?? {}, normal.scaleOut),
    scaleIn: loadDirection(stored.in ?? {}, normal.scaleIn),
    deadBand: stored.deadBand ?? normal.deadBand,
    ...unless('panic', panic),
    staleAfterMs: stored.stale ?? normal.staleAfterMs,
    ...(stored.fallback ? { fallback: { tasks: stored.fallback[0], afterMs: stored.fallback[1] } } : {}),
    busy: stored.busy ?? normal.busy,
    respectManualMs: stored.manual ?? normal.respectManualMs,
    ...unless('startUpMs', stored.startUp),
  };
}

type Direction = Behavior['scaleOut'];
type StoredDirection = NonNullable<StoredBehavior['out']>;

const sameLimit = (a: RateLimit, b: RateLimit | undefined) => a.tasks === b?.tasks && a.share === b?.share && a.periodMs === b?.periodMs;

function storeDirection({ max, cooldownMs, stabilizeMs, paused }: Direction, normal: Direction): StoredDirection {
  const normalMax = max.length === normal.max.length && max.every((limit, index) => sameLimit(limit, normal.max[index]));
  const storedMax = max.map(({ tasks, share, periodMs }) =>
    tasks === undefined ? { share: share ?? 0, per: periodMs } : { tasks, per: periodMs },
  );
  return {
    ...(normalMax ? {} : { max: storedMax }),
    ...unless('cooldown', cooldownMs, normal.cooldownMs),
    ...unless('stabilize', stabilizeMs, normal.stabilizeMs),
    ...unless('paused', paused, normal.paused),
  };
}

function loadDirection({ max, cooldown, stabilize, paused }: StoredDirection, normal: Direction): Direction {
  return {
    max: max?.map(({ per, ...amount }) => ({ ...amount, periodMs: per })) ?? normal.max,
    cooldownMs: cooldown ?? normal.cooldownMs,
    stabilizeMs: stabilize ?? normal.stabilizeMs,
    paused: paused ?? normal.paused,
  };
}

function storeSchedule(schedule: Schedule): StoredSchedule {
  const { kind, name, timezone, min, max, lead } = schedule;
  const rest = {
    name,
    ...unless('zone', timezone, values.timezone),
    ...unless('min', min),
    ...unless('max', max),
    ...(lead === 'auto' ? {} : { lead }),
  };
  if (kind === 'weekly') return { days: [...schedule.days], from: schedule.from, to: schedule.to, ...rest };
  return kind === 'cron' ? { cron: schedule.cron, for: schedule.forMs, ...rest } : { from: schedule.from, to: schedule.to, ...rest };
}

function loadSchedule(stored: StoredSchedule): Schedule {
  const { name, zone, min, max, lead } = stored;
  const rest = {
    name,
    timezone: zone ?? values.timezone,
    ...unless('min', min),
    ...unless('max', max),
    lead: lead ?? values.lead,
  };
  if ('days' in stored) return { kind: 'weekly', days: stored.days, from: stored.from, to: stored.to, ...rest };
  return 'cron' in stored
    ? { kind: 'cron', cron: stored.cron, forMs: stored.for, ...rest }
    : { kind: 'once', from: stored.from, to: stored.to, ...rest };
}
