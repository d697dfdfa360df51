interface FeatureState {
  /** As a sentence begins with it: "a metric target". */
  readonly what: string;
  readonly served: boolean;
}

/** A feature that the engine cannot do yet would stand here with `served: false`. */
const served = (what: string): FeatureState => ({ what, served: true });

/**
 * What the grammar can say and whether the engine does it. The whole grammar is parsed from the
 * first day; what is not served is refused with its line. Switching a feature on is one word here.
 */
export const features = {
  'request-queue-time': served('a target of request queue time'),
  'response-time': served('a target of response time'),
  'job-latency': served('a target of job latency'),
  'job-depth': served('a target of job depth'),
  utilization: served('a target of utilisation'),
  metric: served('a target of a CloudWatch or SQS metric'),
  range: served('`by: range`'),
  'per-task': served('`by: per-task`'),
  drain: served('`by: drain`'),
  'weekly-schedule': served('a weekly schedule'),
  'cron-schedule': served('a cron schedule'),
  'dated-schedule': served('a schedule with dates'),
  lead: served('`lead`'),
  active: served('`active`, a floor while there is work,'),
  panic: served('`panic`'),
  fallback: served('`fallback`'),
  busy: served('`busy`'),
  'respect-manual': served('`respect-manual`'),
} as const satisfies Record<string, FeatureState>;

export type Feature = keyof typeof features;

const names = Object.keys(features) as Feature[];

export const allFeatures: ReadonlySet<Feature> = new Set(names);
export const servedFeatures: ReadonlySet<Feature> = new Set(names.filter((name) => features[name].served));
