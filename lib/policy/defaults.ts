import type { Behavior, Target } from './policy.ts';

/** A default, and why it is what it is: printed by `explain-policy`, so it is written for users. */
export interface Default<Value> {
  readonly value: Value;
  readonly why: string;
}

const because = <const Value>(value: Value, why: string): Default<Value> => ({ value, why });

const minutes = (n: number) => n * 60_000;
const seconds = (n: number) => n * 1_000;

/**
 * Every default of the policy file, with its reason and the peer it is taken from or differs from.
 * Times in ms, shares 0..1.
 *
 * Stored policies leave out what equals its default, so a changed value here changes services that
 * never asked for it. Change one only together with `storedSchema` in store-policy.ts, which has to
 * fill in the old value for what is stored already; the golden test of that file fails otherwise.
 */
export const defaults = {
  customer: because('default', 'one customer is the usual case: the operator itself'),
  group: because('default', 'an app of one web service and its workers needs no name for them together'),
  mode: because(
    'observe',
    'decides and records without touching anything, until you have seen that it decides well; a local run starts with on',
  ),

  percentile: because(
    95,
    'high enough to see the queue that users feel, low enough to be known from a few hundred requests; Heroku and most service objectives use p95',
  ),
  by: because('auto', 'the best that the engine has for the signals that arrive'),
  step: because({ out: 1, in: 1 }, 'one task at once, as Judoscale; only `by: range` steps, and whatever falls back to it'),
  includeBusy: because(
    true,
    'jobs that run need their task as much as jobs that wait; KEDA counts SQS messages in flight for the same reason',
  ),
  activation: because(0, "any job at all wakes a service at zero, as KEDA's activation threshold of 0"),

  /** `low` where none is given, as a share of the target. */
  low: {
    'request-queue-time': because(
      0.2,
      "queue time grows faster than load (ρ/(1−ρ)), so one task fewer can multiply it: a fifth leaves that room. Judoscale's half needs its 10 minutes of waiting",
    ),
    'response-time': because(0.5, 'response time never falls below the time the app itself takes, so a fifth might never be seen'),
    'job-latency': because(0.25, 'latency grows with the backlog, not by leaps: a quarter of the target leaves time to scale out again'),
    utilization: because(
      0.5,
      'going from two tasks to one doubles utilisation: half of the target is the highest bottom that cannot swing back. AWS scales in at 90 % and waits 15 minutes',
    ),
    metric: because(0.5, 'as for utilisation: the highest bottom that going from two tasks to one cannot swing back from'),
  } satisfies Record<Exclude<Target['kind'], 'job-depth'>, Default<number>>,

  sqsAttribute: because('visible-and-in-flight', "messages being worked on need their task, too; KEDA's default"),
  statistic: because('Average', "CloudWatch's own default; a Sum or a percentile has to be asked for"),
  everySeconds: because(
    60,
    'as often as most AWS metrics change; depth of an SQS queue can be had each 10 s, for a function that then runs on and on',
  ),
  periodSeconds: because(60, 'the finest that most AWS metrics have'),

  days: because([1, 2, 3, 4, 5, 6, 7], "a window without days is every day's"),
  timezone: because('UTC', 'never guessed from the machine; name your IANA zone so that summer time is followed'),
  lead: because(
    'auto',
    "starts early by the service's own measured start-up time (p95), so that tasks are ready at the hour; GCE and AWS predictive scaling do so with a fixed time",
  ),

  scaleOut: {
    max: because(
      [
        { tasks: 4, periodMs: seconds(15) },
        { share: 1, periodMs: seconds(15) },
      ],
      "four tasks or double in 15 s, whichever is more: HPA's default",
    ),
    cooldownMs: because(
      0,
      'tasks still starting are counted, so waiting is not needed to avoid ordering twice; AWS waits 300 s, Judoscale 120 s',
    ),
    stabilizeMs: because(0, 'out on the newest reading, as HPA; the reading is a percentile over 30 s already'),
    paused: because(false, 'pause one direction here, or for a while with `sluice pause`'),
  },
  scaleIn: {
    max: because(
      [
        { share: 0.25, periodMs: minutes(1) },
        { tasks: 1, periodMs: minutes(1) },
      ],
      'a quarter a minute, and at least one task: HPA may drop all at once, Judoscale only one in 10 minutes',
    ),
    cooldownMs: because(0, 'the window and the limit per minute already slow it down; AWS waits 300 s'),
    stabilizeMs: because(minutes(5), "the highest want of the last 5 minutes counts: HPA's default; Judoscale waits 10 minutes, AWS 15"),
    paused: because(false, 'pause one direction here, or for a while with `sluice pause`'),
  },
  deadBand: because(0.1, "HPA's tolerance: a count that is within a tenth of right stays"),
  panic: because(
    { threshold: 2, windowMs: seconds(10) },
    "Knative's 200 % of what is ready, over 10 s instead of 6 s since adapters report each 10 s",
  ),
  staleAfterMs: because(seconds(60), 'six reports of an adapter missed in a row'),
  fallback: because(undefined, "silence holds the count; name a floor with `fallback: 5 tasks after 3m`, as KEDA's fallback"),
  busy: because('ignore', 'most job libraries hand an interrupted job back to the queue; KEDA and AWS ignore running work, too'),
  respectManualMs: because(minutes(30), 'long enough for a person to work in peace, short enough that a forgotten change does not stay'),
  startUpMs: because(undefined, "measured from the service's own history of desired against running"),
} as const satisfies Record<string, unknown>;

/** The behaviour of a service that says nothing about it. */
export const defaultBehavior: Behavior = {
  scaleOut: {
    max: defaults.scaleOut.max.value,
    cooldownMs: defaults.scaleOut.cooldownMs.value,
    stabilizeMs: defaults.scaleOut.stabilizeMs.value,
    paused: defaults.scaleOut.paused.value,
  },
  scaleIn: {
    max: defaults.scaleIn.max.value,
    cooldownMs: defaults.scaleIn.cooldownMs.value,
    stabilizeMs: defaults.scaleIn.stabilizeMs.value,
    paused: defaults.scaleIn.paused.value,
  },
  deadBand: defaults.deadBand.value,
  panic: defaults.panic.value,
  staleAfterMs: defaults.staleAfterMs.value,
  busy: defaults.busy.value,
  respectManualMs: defaults.respectManualMs.value,
};

/** The bottom of a range of times where only its top is given, whole ms. */
export function defaultLowMs(kind: 'request-queue-time' | 'response-time' | 'job-latency', topMs: number): number {
  return Math.floor(topMs * defaults.low[kind].value);
}

/** The bottom of a range of any other value where only its top is given. */
export function defaultLow(kind: 'utilization' | 'metric', target: number): number {
  return target * defaults.low[kind].value;
}
