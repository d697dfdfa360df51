import { defaultBehavior } from './default-values.ts';
import { parseFallback } from './fallback.ts';
import { limits } from './limits.ts';
import type { Behavior, RateLimit } from './policy.ts';
import { parseRateLimit } from './rate-limit.ts';
import { readList, readMap } from './read-map.ts';
import { readBoolean, readDuration, readShare, readWord, textOf } from './read-value.ts';
import type { Place, Review } from './review.ts';

const keys = ['scale-out', 'scale-in', 'dead-band', 'panic', 'stale-after', 'fallback', 'busy', 'respect-manual', 'start-up'] as const;

/** `behavior`: what is not said keeps its default. */
export function readBehavior(place: Place, review: Review): Behavior {
  const fields = readMap(place, review, keys, '{ scale-in: { stabilize: 10m } }');
  if (!fields) return defaultBehavior;
  /** The value of a key; its default where the key is absent or wrong (a wrong one is reported already). */
  const given = <Value>(key: (typeof keys)[number], fallback: Value, read: (at: Place) => Value | undefined): Value => {
    const at = fields.get(key);
    return (at && read(at)) ?? fallback;
  };
  const optional = <Value>(
    key: (typeof keys)[number],
    none: string,
    fallback: Value | undefined,
    read: (at: Place) => Value | undefined,
  ): Value | undefined => {
    const at = fields.get(key);
    return at === undefined ? fallback : textOf(at) === none ? undefined : read(at);
  };

  for (const key of ['panic', 'fallback', 'busy', 'respect-manual'] as const) {
    const at = fields.get(key);
    if (at) review.needs(key, at);
  }
  const panic = optional('panic', 'off', defaultBehavior.panic, (at) => readPanic(at, review));
  const fallback = optional('fallback', 'off', defaultBehavior.fallback, (at) => readFallback(at, review));
  const startUpMs = optional('start-up', 'auto', defaultBehavior.startUpMs, (at) =>
    readDuration(at, review, { min: 0, max: limits.startUpMs }),
  );
  return {
    scaleOut: given('scale-out', defaultBehavior.scaleOut, (at) => readDirection(at, review, defaultBehavior.scaleOut)),
    scaleIn: given('scale-in', defaultBehavior.scaleIn, (at) => readDirection(at, review, defaultBehavior.scaleIn)),
    deadBand: given('dead-band', defaultBehavior.deadBand, (at) => readShare(at, review, { min: 0, max: 0.5 })),
    ...(panic ? { panic } : {}),
    staleAfterMs: given('stale-after', defaultBehavior.staleAfterMs, (at) =>
      readDuration(at, review, { min: 5_000, max: limits.staleAfterMs }),
    ),
    ...(fallback ? { fallback } : {}),
    busy: given('busy', defaultBehavior.busy, (at) => readWord(at, review, ['ignore', 'hold', 'down-to-busy', 'task-protection'])),
    respectManualMs: given('respect-manual', defaultBehavior.respectManualMs, (at) =>
      readDuration(at, review, { min: 0, max: limits.respectManualMs }),
    ),
    ...(startUpMs === undefined ? {} : { startUpMs }),
  };
}

type Direction = Behavior['scaleOut'];

function readDirection(place: Place, review: Review, fallback: Direction): Direction {
  const fields = readMap(place, review, ['max', 'cooldown', 'stabilize', 'paused'], '{ max: 25% per 1m, stabilize: 10m }');
  const max = fields?.get('max');
  const cooldown = fields?.get('cooldown');
  const stabilize = fields?.get('stabilize');
  const paused = fields?.get('paused');
  return {
    max: (max && readRateLimits(max, review)) ?? fallback.max,
    cooldownMs: (cooldown && readDuration(cooldown, review, { min: 0, max: limits.cooldownMs })) ?? fallback.cooldownMs,
    stabilizeMs: (stabilize && readDuration(stabilize, review, { min: 0, max: limits.stabilizeMs })) ?? fallback.stabilizeMs,
    paused: (paused && readBoolean(paused, review)) ?? fallback.paused,
  };
}

/** "25% per 1m", a list of such, or `none`. */
function readRateLimits(place: Place, review: Review): RateLimit[] | undefined {
  if (textOf(place) === 'none') return [];
  const places = place.tree.kind === 'list' ? readList(place, review, { min: 1, max: limits.rateLimits, what: 'limits' }) : [place];
  return places?.flatMap((item) => {
    const limit = readRateLimit(item, review);
    return limit ? [limit] : [];
  });
}

function readRateLimit(place: Place, review: Review): RateLimit | undefined {
  const limit = parseRateLimit(textOf(place) ?? '');
  if (!limit)
    return review.problem(
      place,
      'format',
      'a limit is written as "4 tasks per 15s" or "25% per 1m", several as a list (the most generous counts), or `none`; `paused: true` stops it',
    );
  const amount = limit.tasks ?? limit.share ?? 0;
  if (amount <= 0 || (limit.tasks ?? 0) > limits.tasks || (limit.share ?? 0) > 100) {
    return review.problem(place, 'range', `has to be 1 to ${limits.tasks} tasks, or over 0% to 10000%; to stop it write \`paused: true\``);
  }
  if (limit.periodMs < 1_000 || limit.periodMs > limits.ratePeriodMs)
    return review.problem(place, 'range', 'the period has to be from 1s to 30m');
  return limit;
}

function readPanic(place: Place, review: Review): Behavior['panic'] {
  const fields = readMap(place, review, ['threshold', 'window'], '{ threshold: 200%, window: 10s }, or off');
  const threshold = fields?.get('threshold');
  const window = fields?.get('window');
  const normal = defaultBehavior.panic ?? { threshold: 2, windowMs: 10_000 };
  return {
    threshold: (threshold && readShare(threshold, review, { min: 1.1, max: 10 })) ?? normal.threshold,
    windowMs: (window && readDuration(window, review, { min: 10_000, max: limits.panicWindowMs })) ?? normal.windowMs,
  };
}

function readFallback(place: Place, review: Review): Behavior['fallback'] {
  const fallback = parseFallback(textOf(place) ?? '');
  if (!fallback) return review.problem(place, 'format', 'a fallback is written as "5 tasks after 3m", or off');
  if (fallback.tasks > limits.tasks || fallback.afterMs < 10_000 || fallback.afterMs > limits.fallbackAfterMs) {
    return review.problem(place, 'range', `has to be 0 to ${limits.tasks} tasks after 10s to 1d`);
  }
  return fallback;
}
