/** The policy of one service: plain data, every default filled in. Counts are tasks, times ms, shares 0..1. */

export type Mode = 'off' | 'observe' | 'out-only' | 'on';
/** How a target turns into a number of tasks. `auto`: the best that the engine has for the signals that arrive. */
export type By = 'auto' | 'range' | 'per-task' | 'drain';

interface TargetCommon {
  readonly by: By;
  /** What one task serves at once; absent: learned, or 1 for jobs. */
  readonly concurrency?: number;
  /** Tasks added or removed at once by `range`. */
  readonly step: { readonly out: number; readonly in: number };
}

/** `top` is the objective (the top of the range), `low` its bottom. */
interface RangeMs {
  readonly topMs: number;
  readonly lowMs: number;
}

export interface RequestQueueTimeTarget extends TargetCommon, RangeMs {
  readonly kind: 'request-queue-time';
  /** 50..99.9 */
  readonly percentile: number;
}
export interface ResponseTimeTarget extends TargetCommon, RangeMs {
  readonly kind: 'response-time';
  readonly percentile: number;
}
export interface JobLatencyTarget extends TargetCommon, RangeMs {
  readonly kind: 'job-latency';
  /** Absent: all queues of the group. */
  readonly queues?: readonly string[];
}
export interface JobDepthTarget extends TargetCommon {
  readonly kind: 'job-depth';
  readonly queues?: readonly string[];
  readonly perTask: number;
  /** Count jobs that run as well as those that wait. */
  readonly includeBusy: boolean;
  /** From zero: tasks start only above this many jobs (KEDA's activation threshold). */
  readonly activation: number;
}
export interface UtilizationTarget extends TargetCommon {
  readonly kind: 'utilization';
  /** 0..1 */
  readonly target: number;
  readonly low: number;
}
/** Any CloudWatch or SQS number that `collect` brings. */
export interface MetricTarget extends TargetCommon {
  readonly kind: 'metric';
  readonly source:
    | { readonly from: 'sqs'; readonly queueArn: string; readonly attribute: 'visible' | 'visible-and-in-flight' | 'age' }
    | {
        readonly from: 'cloudwatch';
        readonly namespace: string;
        readonly metric: string;
        readonly dimensions: Readonly<Record<string, string>>;
        readonly statistic: string;
        readonly periodSeconds: number;
      };
  /** How often it is collected: 10, 20, 30 or 60. */
  readonly everySeconds: number;
  /** A total to be shared (`perTask`) or a value to be kept (`target`, `low`); ms where the attribute is `age`. */
  readonly perTask?: number;
  readonly target?: number;
  readonly low?: number;
  /** From zero: tasks start only above this, in the metric's own unit. Absent: 0 with `perTask`, `target` without. */
  readonly activation?: number;
}
export type Target = RequestQueueTimeTarget | ResponseTimeTarget | JobLatencyTarget | JobDepthTarget | UtilizationTarget | MetricTarget;

/** "4 tasks per 15s" or "100% per 15s"; several: the most permissive wins, as in HPA's `selectPolicy: Max`. */
export interface RateLimit {
  readonly tasks?: number;
  /** 0..1 or more: 1 is +100 %. */
  readonly share?: number;
  readonly periodMs: number;
}

export interface Behavior {
  readonly scaleOut: {
    readonly max: readonly RateLimit[];
    readonly cooldownMs: number;
    readonly stabilizeMs: number;
    readonly paused: boolean;
  };
  readonly scaleIn: {
    readonly max: readonly RateLimit[];
    readonly cooldownMs: number;
    readonly stabilizeMs: number;
    readonly paused: boolean;
  };
  /** Share by which a `per-task` or ratio want may be off before it is acted upon. */
  readonly deadBand: number;
  /** Enter the burst window when the newest readings want `threshold` times the ready tasks; absent: off. */
  readonly panic?: { readonly threshold: number; readonly windowMs: number };
  /** Readings older than this are unknown. */
  readonly staleAfterMs: number;
  /** A floor after that long without a reading. */
  readonly fallback?: { readonly tasks: number; readonly afterMs: number };
  /** What scale-in does while jobs run. */
  readonly busy: 'ignore' | 'hold' | 'down-to-busy' | 'task-protection';
  /** How long a count that a person set is respected. */
  readonly respectManualMs: number;
  /** Given start-up time; absent: measured. */
  readonly startUpMs?: number;
}

/**
 * A schedule as written; calendars are expanded by lib/policy/calendar.ts, outside of the core.
 * `days` are ISO weekdays, 1 is Monday; `from` and `to` are local: "08:00" in a weekly one (where `to` is
 * not after `from` it is the next day's), "2026-11-27T18:00" in one with dates.
 */
export type Schedule =
  | {
      readonly kind: 'weekly';
      readonly name: string;
      readonly days: readonly number[];
      readonly from: string;
      readonly to: string;
      readonly timezone: string;
      readonly min?: number;
      readonly max?: number;
      readonly lead: 'auto' | number;
    }
  | {
      readonly kind: 'cron';
      readonly name: string;
      readonly cron: string;
      readonly forMs: number;
      readonly timezone: string;
      readonly min?: number;
      readonly max?: number;
      readonly lead: 'auto' | number;
    }
  | {
      readonly kind: 'once';
      readonly name: string;
      readonly from: string;
      readonly to: string;
      readonly timezone: string;
      readonly min?: number;
      readonly max?: number;
      readonly lead: 'auto' | number;
    };

/** A person's bounds for a while; they revert by themselves at `until`. */
export interface Override {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly min?: number;
  readonly max?: number;
}

export interface Policy {
  readonly mode: Mode;
  readonly min: number;
  readonly max: number;
  /** Once there is any work, at least this many (from 0 to 5, never 1); absent: no such floor. */
  readonly activeMin?: number;
  readonly targets: readonly Target[];
  readonly behavior: Behavior;
  readonly schedules: readonly Schedule[];
}

/** What tags on an ECS service (`sluice:min`, `sluice:max`, `sluice:mode`) say. */
export interface TagLimits {
  readonly min?: number;
  readonly max?: number;
  readonly mode?: Mode;
}

/** One service as the policy file names it. */
export interface ServiceConfig {
  readonly customer: string;
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly policy: Policy;
  /** What a person ordered for a while; those that ran out have no effect. Not part of the file. */
  readonly overrides?: readonly Override[];
  /** Another autoscaler that discovery found on the service, in words. Not part of the file. */
  readonly rival?: string;
  /** What tags on the ECS service say, and what the file had in their place: `policy` has what the tags say. Not part of the file. */
  readonly tags?: { readonly say: TagLimits; readonly file: Pick<Policy, 'min' | 'max' | 'mode'> };
}
