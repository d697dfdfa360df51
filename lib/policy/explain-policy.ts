import { formatDays } from './days.ts';
import { defaultLow, defaultLowMs } from './default-values.ts';
import { type Default, defaults } from './defaults.ts';
import { formatDuration } from './duration.ts';
import { formatFallback } from './fallback.ts';
import type { Behavior, RateLimit, Schedule, ServiceConfig, Target } from './policy.ts';
import { formatRateLimit } from './rate-limit.ts';
import { goesInSteps, isSized } from './read-by.ts';
import { formatShare } from './share.ts';

/** One knob of a service: its path and value as the file writes them. */
export interface PolicyRow {
  readonly path: string;
  readonly value: string;
  /** `default` too where the file says what is the default anyway. */
  readonly source: 'given' | 'default';
  /** Why the default is what it is. */
  readonly why?: string;
}

/** Every knob of a service that is in force, in the file's order: what was given, and each default with its reason. */
export function explainPolicy({ customer, name, group, arn, policy }: ServiceConfig): PolicyRow[] {
  const active = policy.activeMin === undefined ? [] : [given('tasks.active', String(policy.activeMin))];
  return [
    row('customer', customer, defaults.customer),
    given('name', name),
    given('arn', arn),
    row('group', group, defaults.group),
    row('mode', policy.mode, defaults.mode),
    given('tasks.min', String(policy.min)),
    given('tasks.max', String(policy.max)),
    ...active,
    ...policy.targets.flatMap((target, index) => explainTarget(target, `scale[${index}]`)),
    ...policy.schedules.flatMap((schedule, index) => explainSchedule(schedule, `schedules[${index}]`)),
    ...explainBehavior(policy.behavior),
  ];
}

const given = (path: string, value: string): PolicyRow => ({ path, value, source: 'given' });

const asItIs = (value: unknown) => String(value);

function row<Value>(path: string, value: Value, normal: Default<Value>, format: (value: Value) => string = asItIs): PolicyRow {
  const text = format(value);
  return text === format(normal.value) ? { path, value: text, source: 'default', why: normal.why } : given(path, text);
}

const LEARNED = 'learned from work in progress per task while the target holds; 1 for jobs whose time is reported';

function explainTarget(target: Target, entry: string): PolicyRow[] {
  const path = `${entry}.${target.kind}`;
  const { by, concurrency, step } = target;
  return [
    ...explainKind(target, path),
    row(`${entry}.by`, by, defaults.by),
    ...(concurrency !== undefined
      ? [given(`${entry}.concurrency`, String(concurrency))]
      : isSized(target)
        ? [{ path: `${entry}.concurrency`, value: 'learned', source: 'default' as const, why: LEARNED }]
        : []),
    ...(goesInSteps(target)
      ? [
          row(`${entry}.step.out`, step.out, { value: defaults.step.value.out, why: defaults.step.why }),
          row(`${entry}.step.in`, step.in, { value: defaults.step.value.in, why: defaults.step.why }),
        ]
      : []),
  ];
}

function explainKind(target: Target, path: string): PolicyRow[] {
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time': {
      const { kind, percentile, topMs, lowMs } = target;
      return [
        given(`${path}.p${percentile}`, formatDuration(topMs)),
        lowRow(`${path}.low`, lowMs, defaultLowMs(kind, topMs), defaults.low[kind].why, formatDuration),
      ];
    }
    case 'job-latency': {
      const { topMs, lowMs } = target;
      return [
        queuesRow(path, target.queues),
        given(`${path}.target`, formatDuration(topMs)),
        lowRow(`${path}.low`, lowMs, defaultLowMs('job-latency', topMs), defaults.low['job-latency'].why, formatDuration),
      ];
    }
    case 'job-depth':
      return [
        queuesRow(path, target.queues),
        given(`${path}.per-task`, String(target.perTask)),
        row(`${path}.include-busy`, target.includeBusy, defaults.includeBusy),
        row(`${path}.activation`, target.activation, defaults.activation),
      ];
    case 'utilization':
      return [
        given(`${path}.target`, formatShare(target.target)),
        lowRow(`${path}.low`, target.low, defaultLow('utilization', target.target), defaults.low.utilization.why, formatShare),
      ];
    case 'metric':
      return explainMetric(target, path);
  }
}

function explainMetric(
  { source, everySeconds, perTask, target, low, activation }: Extract<Target, { kind: 'metric' }>,
  path: string,
): PolicyRow[] {
  const timed = source.from === 'sqs' && source.attribute === 'age';
  const format = timed ? formatDuration : asItIs;
  const where =
    source.from === 'sqs'
      ? [given(`${path}.sqs`, source.queueArn), row(`${path}.attribute`, source.attribute, defaults.sqsAttribute)]
      : [
          given(`${path}.cloudwatch.namespace`, source.namespace),
          given(`${path}.cloudwatch.metric`, source.metric),
          given(`${path}.cloudwatch.dimensions`, JSON.stringify(source.dimensions)),
          row(`${path}.cloudwatch.statistic`, source.statistic, defaults.statistic),
          row(`${path}.cloudwatch.period`, source.periodSeconds, defaults.periodSeconds, (value) => formatDuration(value * 1_000)),
        ];
  const every = row(`${path}.every`, everySeconds, defaults.everySeconds, (value) => formatDuration(value * 1_000));
  const wanted = perTask === undefined ? [] : [given(`${path}.per-task`, String(perTask))];
  const kept =
    target === undefined
      ? []
      : [
          given(`${path}.target`, format(target)),
          ...(low === undefined ? [] : [lowRow(`${path}.low`, low, defaultLow('metric', target), defaults.low.metric.why, format)]),
        ];
  // Beside `target` it is not said that nothing is set: the target itself wakes the service then.
  const wakes =
    perTask !== undefined
      ? [row(`${path}.activation`, activation ?? defaults.activation.value, defaults.activation)]
      : activation === undefined
        ? []
        : [given(`${path}.activation`, format(activation))];
  return [...where, every, ...wanted, ...kept, ...wakes];
}

function queuesRow(path: string, queues: readonly string[] | undefined): PolicyRow {
  if (queues) return given(`${path}.queues`, queues.join(', '));
  return { path: `${path}.queues`, value: 'all', source: 'default', why: 'without a list, every queue that the group reports' };
}

function lowRow(path: string, low: number, normal: number, why: string, format: (value: number) => string): PolicyRow {
  return low === normal ? { path, value: format(low), source: 'default', why } : given(path, format(low));
}

function explainSchedule(schedule: Schedule, path: string): PolicyRow[] {
  const { kind, name, min, max, timezone, lead } = schedule;
  const when =
    kind === 'weekly'
      ? [
          row(`${path}.days`, schedule.days, defaults.days, formatDays),
          given(`${path}.from`, schedule.from),
          given(`${path}.to`, schedule.to),
        ]
      : kind === 'cron'
        ? [given(`${path}.cron`, schedule.cron), given(`${path}.for`, formatDuration(schedule.forMs))]
        : [given(`${path}.from`, schedule.from), given(`${path}.to`, schedule.to)];
  return [
    given(`${path}.name`, name),
    ...when,
    row(`${path}.timezone`, timezone, defaults.timezone),
    ...(min === undefined ? [] : [given(`${path}.min`, String(min))]),
    ...(max === undefined ? [] : [given(`${path}.max`, String(max))]),
    row(`${path}.lead`, lead, defaults.lead, (value: 'auto' | number) => (value === 'auto' ? value : formatDuration(value))),
  ];
}

const formatLimits = (list: readonly RateLimit[]) => (list.length === 0 ? 'none' : list.map(formatRateLimit).join(', '));

function explainBehavior(behavior: Behavior): PolicyRow[] {
  const path = 'behavior';
  const direction = (key: 'scaleOut' | 'scaleIn', at: string): PolicyRow[] => [
    row(`${at}.max`, behavior[key].max, defaults[key].max, formatLimits),
    row(`${at}.cooldown`, behavior[key].cooldownMs, defaults[key].cooldownMs, formatDuration),
    row(`${at}.stabilize`, behavior[key].stabilizeMs, defaults[key].stabilizeMs, formatDuration),
    row(`${at}.paused`, behavior[key].paused, defaults[key].paused),
  ];
  return [
    ...direction('scaleOut', `${path}.scale-out`),
    ...direction('scaleIn', `${path}.scale-in`),
    row(`${path}.dead-band`, behavior.deadBand, defaults.deadBand, formatShare),
    row(`${path}.panic`, behavior.panic, defaults.panic, (panic) =>
      panic ? `${formatShare(panic.threshold)} over ${formatDuration(panic.windowMs)}` : 'off',
    ),
    row(`${path}.stale-after`, behavior.staleAfterMs, defaults.staleAfterMs, formatDuration),
    row(`${path}.fallback`, behavior.fallback, defaults.fallback, (fallback) => (fallback ? formatFallback(fallback) : 'off')),
    row(`${path}.busy`, behavior.busy, defaults.busy),
    row(`${path}.respect-manual`, behavior.respectManualMs, defaults.respectManualMs, formatDuration),
    row(`${path}.start-up`, behavior.startUpMs, defaults.startUpMs, (value) => (value === undefined ? 'auto' : formatDuration(value))),
  ];
}
