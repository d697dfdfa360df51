import type { Behavior } from './policy.ts';

const minutes = (n: number) => n * 60_000;
const seconds = (n: number) => n * 1_000;

/**
 * Every default of the policy file: times in ms, shares 0..1. Their reasons are in defaults.ts, which functions do not carry.
 *
 * Stored policies leave out what equals its default, so a changed value here changes services that
 * never asked for it. Change one only together with `storedSchema` in store-policy.ts, which has to
 * fill in the old value for what is stored already; the golden test of that file fails otherwise.
 */
export const values = {
  customer: 'default',
  group: 'default',
  mode: 'observe',

  percentile: 95,
  by: 'auto',
  step: { out: 1, in: 1 },
  includeBusy: true,
  activation: 0,

  /** `low` where none is given, as a share of the target. */
  low: {
    'request-queue-time': 0.2,
    'response-time': 0.5,
    'job-latency': 0.25,
    utilization: 0.5,
    metric: 0.5,
  },

  sqsAttribute: 'visible-and-in-flight',
  statistic: 'Average',
  everySeconds: 60,
  periodSeconds: 60,

  days: [1, 2, 3, 4, 5, 6, 7],
  timezone: 'UTC',
  lead: 'auto',

  scaleOut: {
    max: [
      { tasks: 10, periodMs: seconds(15) },
      { share: 4, periodMs: seconds(15) },
    ],
    cooldownMs: 0,
    stabilizeMs: 0,
    paused: false,
  },
  scaleIn: {
    max: [
      { share: 0.25, periodMs: minutes(1) },
      { tasks: 1, periodMs: minutes(1) },
    ],
    cooldownMs: 0,
    stabilizeMs: minutes(5),
    paused: false,
  },
  deadBand: 0.1,
  panic: { threshold: 2, windowMs: seconds(10) },
  staleAfterMs: seconds(60),
  fallback: undefined,
  busy: 'ignore',
  respectManualMs: minutes(30),
  startUpMs: undefined,
} as const;

/** The behaviour of a service that says nothing about it. */
export const defaultBehavior: Behavior = {
  scaleOut: {
    max: values.scaleOut.max,
    cooldownMs: values.scaleOut.cooldownMs,
    stabilizeMs: values.scaleOut.stabilizeMs,
    paused: values.scaleOut.paused,
  },
  scaleIn: {
    max: values.scaleIn.max,
    cooldownMs: values.scaleIn.cooldownMs,
    stabilizeMs: values.scaleIn.stabilizeMs,
    paused: values.scaleIn.paused,
  },
  deadBand: values.deadBand,
  panic: values.panic,
  staleAfterMs: values.staleAfterMs,
  busy: values.busy,
  respectManualMs: values.respectManualMs,
};

/** The bottom of a range of times where only its top is given, whole ms. */
export function defaultLowMs(kind: 'request-queue-time' | 'response-time' | 'job-latency', topMs: number): number {
  return Math.floor(topMs * values.low[kind]);
}

/** The bottom of a range of any other value where only its top is given. */
export function defaultLow(kind: 'utilization' | 'metric', target: number): number {
  return target * values.low[kind];
}
