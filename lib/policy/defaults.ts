import { values } from './default-values.ts';
import type { Target } from './policy.ts';

/** A default, and why it is what it is: printed by `explain-policy`, so it is written for users. */
export interface Default<Value> {
  readonly value: Value;
  readonly why: string;
}

const because = <const Value>(value: Value, why: string): Default<Value> => ({ value, why });

/**
 * Every default of the policy file, with its reason and the peer it is taken from or differs from.
 * Times in ms, shares 0..1.
 */
export const defaults = {
  customer: because(values.customer, 'one customer is the usual case: the operator itself'),
  group: because(values.group, 'an app of one web service and its workers needs no name for them together'),
  mode: because(
    values.mode,
    'decides and records without touching anything, until you have seen that it decides well; a local run starts with on',
  ),

  percentile: because(
    values.percentile,
    'high enough to see the queue that users feel, low enough to be known from a few hundred requests; Heroku and most service objectives use p95',
  ),
  by: because(values.by, 'the best that the engine has for the signals that arrive'),
  step: because(values.step, 'one task at once, as Judoscale; only `by: range` steps, and whatever falls back to it'),
  includeBusy: because(
    values.includeBusy,
    'jobs that run need their task as much as jobs that wait; KEDA counts SQS messages in flight for the same reason',
  ),
  activation: because(values.activation, "any job at all wakes a service at zero, as KEDA's activation threshold of 0"),

  /** `low` where none is given, as a share of the target. */
  low: {
    'request-queue-time': because(
      values.low['request-queue-time'],
      "queue time grows faster than load (ρ/(1−ρ)), so one task fewer can multiply it: a fifth leaves that room. Judoscale's half needs its 10 minutes of waiting",
    ),
    'response-time': because(
      values.low['response-time'],
      'response time never falls below the time the app itself takes, so a fifth might never be seen',
    ),
    'job-latency': because(
      values.low['job-latency'],
      'latency grows with the backlog, not by leaps: a quarter of the target leaves time to scale out again',
    ),
    utilization: because(
      values.low.utilization,
      'going from two tasks to one doubles utilisation: half of the target is the highest bottom that cannot swing back. AWS scales in at 90 % and waits 15 minutes',
    ),
    metric: because(values.low.metric, 'as for utilisation: the highest bottom that going from two tasks to one cannot swing back from'),
  } satisfies Record<Exclude<Target['kind'], 'job-depth'>, Default<number>>,

  sqsAttribute: because(values.sqsAttribute, "messages being worked on need their task, too; KEDA's default"),
  statistic: because(values.statistic, "CloudWatch's own default; a Sum or a percentile has to be asked for"),
  everySeconds: because(
    values.everySeconds,
    'as often as most AWS metrics change; depth of an SQS queue can be had each 10 s, for a function that then runs on and on',
  ),
  periodSeconds: because(values.periodSeconds, 'the finest that most AWS metrics have'),

  days: because(values.days, "a window without days is every day's"),
  timezone: because(values.timezone, 'never guessed from the machine; name your IANA zone so that summer time is followed'),
  lead: because(
    values.lead,
    "starts early by the service's own measured start-up time (p95), so that tasks are ready at the hour; GCE and AWS predictive scaling do so with a fixed time",
  ),

  scaleOut: {
    max: because(
      values.scaleOut.max,
      "ten tasks or five times as many in 15 s, whichever is more: a burst is over before tasks that come by doublings are up. HPA's is four tasks or double, Knative's a thousand times",
    ),
    cooldownMs: because(
      values.scaleOut.cooldownMs,
      'tasks still starting are counted, so waiting is not needed to avoid ordering twice; AWS waits 300 s, Judoscale 120 s',
    ),
    stabilizeMs: because(values.scaleOut.stabilizeMs, 'out on the newest reading, as HPA; the reading is a percentile over 30 s already'),
    paused: because(values.scaleOut.paused, 'pause one direction here, or for a while with `sluice pause`'),
  },
  scaleIn: {
    max: because(
      values.scaleIn.max,
      'a quarter a minute, and at least one task: HPA may drop all at once, Judoscale only one in 10 minutes',
    ),
    cooldownMs: because(values.scaleIn.cooldownMs, 'the window and the limit per minute already slow it down; AWS waits 300 s'),
    stabilizeMs: because(
      values.scaleIn.stabilizeMs,
      "the highest want of the last 5 minutes counts: HPA's default; Judoscale waits 10 minutes, AWS 15",
    ),
    paused: because(values.scaleIn.paused, 'pause one direction here, or for a while with `sluice pause`'),
  },
  deadBand: because(values.deadBand, "HPA's tolerance: a count that is within a tenth of right stays"),
  panic: because(values.panic, "Knative's 200 % of what is ready, over 10 s instead of 6 s since adapters report each 10 s"),
  staleAfterMs: because(values.staleAfterMs, 'six reports of an adapter missed in a row'),
  fallback: because(values.fallback, "silence holds the count; name a floor with `fallback: 5 tasks after 3m`, as KEDA's fallback"),
  busy: because(values.busy, 'most job libraries hand an interrupted job back to the queue; KEDA and AWS ignore running work, too'),
  respectManualMs: because(
    values.respectManualMs,
    'long enough for a person to work in peace, short enough that a forgotten change does not stay',
  ),
  startUpMs: because(values.startUpMs, "measured from the service's own history of desired against running"),
} as const satisfies Record<string, unknown>;
