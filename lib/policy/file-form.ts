import { formatDays } from './days.ts';
import { defaultBehavior, defaultLow, defaultLowMs, values } from './default-values.ts';
import { formatDuration } from './duration.ts';
import { formatFallback } from './fallback.ts';
import type { Behavior, MetricTarget, RateLimit, Schedule, ServiceConfig, Target } from './policy.ts';
import { formatRateLimit } from './rate-limit.ts';
import { formatShare } from './share.ts';
import { unless } from './unless.ts';

/** Plain JSON. */
export type FileValue = string | number | boolean | readonly FileValue[] | { readonly [key: string]: FileValue };
type FileMap = { readonly [key: string]: FileValue };

/**
 * A service as a policy file writes it, without what equals its default: `parsePolicyFile` reads the same service from it.
 * Where a value is none that a file may have, neither is what is written: whoever reads it finds the mistake.
 */
export function fileForm({ group, arn, policy }: ServiceConfig): FileMap {
  const { mode, min, max, activeMin, targets, schedules } = policy;
  const behavior = behaviorForm(policy.behavior);
  return {
    arn,
    ...unless('group', group, values.group),
    mode,
    tasks: { min, max, ...unless('active', activeMin) },
    scale: targets.map(targetForm),
    ...(schedules.length === 0 ? {} : { schedules: schedules.map(scheduleForm) }),
    ...(Object.keys(behavior).length === 0 ? {} : { behavior }),
  };
}

function targetForm(target: Target): FileMap {
  const { by, concurrency, step } = target;
  const stepForm = { ...unless('out', step.out, values.step.out), ...unless('in', step.in, values.step.in) };
  return {
    [target.kind]: kindForm(target),
    ...unless('by', by, values.by),
    ...unless('concurrency', concurrency),
    ...(Object.keys(stepForm).length === 0 ? {} : { step: stepForm }),
  };
}

function kindForm(target: Target): FileMap {
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time': {
      const { kind, percentile, topMs, lowMs } = target;
      return { [`p${percentile}`]: formatDuration(topMs), ...lowForm(lowMs, defaultLowMs(kind, topMs), formatDuration) };
    }
    case 'job-latency': {
      const { kind, queues, topMs, lowMs } = target;
      return {
        ...unless('queues', queues),
        target: formatDuration(topMs),
        ...lowForm(lowMs, defaultLowMs(kind, topMs), formatDuration),
      };
    }
    case 'job-depth': {
      const { queues, perTask, includeBusy, activation } = target;
      return {
        ...unless('queues', queues),
        'per-task': perTask,
        ...unless('include-busy', includeBusy, values.includeBusy),
        ...unless('activation', activation, values.activation),
      };
    }
    case 'utilization':
      return {
        target: formatShare(target.target),
        ...lowForm(target.low, defaultLow('utilization', target.target), formatShare),
      };
    case 'metric':
      return metricForm(target);
  }
}

const seconds = (value: number) => formatDuration(value * 1_000);
const plain = (value: number): FileValue => value;

function lowForm(low: number, normal: number, format: (value: number) => FileValue): FileMap {
  return low === normal ? {} : { low: format(low) };
}

function metricForm({ source, everySeconds, perTask, target, low, activation }: MetricTarget): FileMap {
  const format = source.from === 'sqs' && source.attribute === 'age' ? formatDuration : plain;
  const where: FileMap =
    source.from === 'sqs'
      ? { sqs: source.queueArn, ...unless('attribute', source.attribute, values.sqsAttribute) }
      : {
          cloudwatch: {
            namespace: source.namespace,
            metric: source.metric,
            ...(Object.keys(source.dimensions).length === 0 ? {} : { dimensions: source.dimensions }),
            ...unless('statistic', source.statistic, values.statistic),
            ...(source.periodSeconds === values.periodSeconds ? {} : { period: seconds(source.periodSeconds) }),
          },
        };
  return {
    ...where,
    ...(everySeconds === values.everySeconds ? {} : { every: seconds(everySeconds) }),
    ...unless('per-task', perTask),
    ...(target === undefined ? {} : { target: format(target) }),
    ...(target === undefined || low === undefined ? {} : lowForm(low, defaultLow('metric', target), format)),
    ...(activation === undefined ? {} : { activation: format(activation) }),
  };
}

function scheduleForm(schedule: Schedule): FileMap {
  const { kind, name, timezone, min, max, lead } = schedule;
  const when: FileMap =
    kind === 'weekly'
      ? {
          ...(schedule.days.length === values.days.length ? {} : { days: formatDays(schedule.days) }),
          from: schedule.from,
          to: schedule.to,
        }
      : kind === 'cron'
        ? { cron: schedule.cron, for: formatDuration(schedule.forMs) }
        : { from: schedule.from, to: schedule.to };
  return {
    name,
    ...when,
    ...unless('timezone', timezone, values.timezone),
    ...unless('min', min),
    ...unless('max', max),
    ...(lead === 'auto' ? {} : { lead: formatDuration(lead) }),
  };
}

function behaviorForm(behavior: Behavior): FileMap {
  const normal = defaultBehavior;
  const { deadBand, panic, staleAfterMs, fallback, busy, respectManualMs, startUpMs } = behavior;
  const out = directionForm(behavior.scaleOut, normal.scaleOut);
  const down = directionForm(behavior.scaleIn, normal.scaleIn);
  const samePanic = panic?.threshold === normal.panic?.threshold && panic?.windowMs === normal.panic?.windowMs;
  const panicForm: FileValue = panic ? { threshold: formatShare(panic.threshold), window: formatDuration(panic.windowMs) } : 'off';
  return {
    ...(Object.keys(out).length === 0 ? {} : { 'scale-out': out }),
    ...(Object.keys(down).length === 0 ? {} : { 'scale-in': down }),
    ...(deadBand === normal.deadBand ? {} : { 'dead-band': formatShare(deadBand) }),
    ...(samePanic ? {} : { panic: panicForm }),
    ...(staleAfterMs === normal.staleAfterMs ? {} : { 'stale-after': formatDuration(staleAfterMs) }),
    ...(fallback ? { fallback: formatFallback(fallback) } : {}),
    ...unless('busy', busy, normal.busy),
    ...(respectManualMs === normal.respectManualMs ? {} : { 'respect-manual': formatDuration(respectManualMs) }),
    ...(startUpMs === undefined ? {} : { 'start-up': formatDuration(startUpMs) }),
  };
}

type Direction = Behavior['scaleOut'];

function directionForm({ max, cooldownMs, stabilizeMs, paused }: Direction, normal: Direction): FileMap {
  const written = (list: readonly RateLimit[]) => list.map(formatRateLimit);
  const [limits, usual] = [written(max), written(normal.max)];
  const same = limits.length === usual.length && limits.every((limit, i) => limit === usual[i]);
  return {
    ...(same ? {} : { max: limits.length === 0 ? 'none' : limits }),
    ...(cooldownMs === normal.cooldownMs ? {} : { cooldown: formatDuration(cooldownMs) }),
    ...(stabilizeMs === normal.stabilizeMs ? {} : { stabilize: formatDuration(stabilizeMs) }),
    ...(paused === normal.paused ? {} : { paused }),
  };
}
