import { defaultLow, defaultLowMs, values } from './default-values.ts';
import type { Target } from './policy.ts';
import type { StoredTarget } from './stored-service.ts';
import { unless } from './unless.ts';

/** A target without what equals its default. */
export function storeTarget(target: Target): StoredTarget {
  const { by, concurrency, step } = target;
  const normalStep = step.out === values.step.out && step.in === values.step.in;
  const common = {
    ...unless('by', by, values.by),
    ...unless('concurrency', concurrency),
    ...unless('step', normalStep ? undefined : ([step.out, step.in] satisfies [number, number])),
  };
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time': {
      const { kind, percentile, topMs, lowMs } = target;
      return {
        kind,
        ...unless('p', percentile, values.percentile),
        top: topMs,
        ...unless('low', lowMs, defaultLowMs(kind, topMs)),
        ...common,
      };
    }
    case 'job-latency': {
      const { kind, queues, topMs, lowMs } = target;
      return {
        kind,
        ...unless('queues', queues && [...queues]),
        top: topMs,
        ...unless('low', lowMs, defaultLowMs(kind, topMs)),
        ...common,
      };
    }
    case 'job-depth': {
      const { kind, queues, perTask, includeBusy, activation } = target;
      const rest = {
        ...unless('busy', includeBusy, values.includeBusy),
        ...unless('activation', activation, values.activation),
      };
      return { kind, ...unless('queues', queues && [...queues]), perTask, ...rest, ...common };
    }
    case 'utilization':
      return {
        kind: target.kind,
        target: target.target,
        ...unless('low', target.low, defaultLow('utilization', target.target)),
        ...common,
      };
    case 'metric':
      return storeMetric(target, common);
  }
}

type StoredCommon = Pick<StoredTarget, 'by' | 'concurrency' | 'step'>;

function storeMetric(
  { kind, source, everySeconds, perTask, target, low, activation }: Extract<Target, { kind: 'metric' }>,
  common: StoredCommon,
): StoredTarget {
  const stored =
    source.from === 'sqs'
      ? { sqs: source.queueArn, ...unless('attribute', source.attribute, values.sqsAttribute) }
      : {
          namespace: source.namespace,
          metric: source.metric,
          dimensions: Object.entries(source.dimensions),
          ...unless('statistic', source.statistic, values.statistic),
          ...unless('period', source.periodSeconds, values.periodSeconds),
        };
  const normalLow = target === undefined ? undefined : defaultLow('metric', target);
  return {
    kind,
    source: stored,
    ...unless('every', everySeconds, values.everySeconds),
    ...unless('perTask', perTask),
    ...unless('target', target),
    ...unless('low', low, normalLow),
    ...unless('activation', activation),
    ...common,
  };
}

/** The same target again. */
export function loadTarget(stored: StoredTarget): Target {
  const [out, down] = stored.step ?? [values.step.out, values.step.in];
  const common = { by: stored.by ?? values.by, ...unless('concurrency', stored.concurrency), step: { out, in: down } };
  switch (stored.kind) {
    case 'request-queue-time':
    case 'response-time': {
      const { kind, p, top, low } = stored;
      return { kind, percentile: p ?? values.percentile, topMs: top, lowMs: low ?? defaultLowMs(kind, top), ...common };
    }
    case 'job-latency': {
      const { kind, queues, top, low } = stored;
      return { kind, ...unless('queues', queues), topMs: top, lowMs: low ?? defaultLowMs(kind, top), ...common };
    }
    case 'job-depth': {
      const { kind, queues, perTask, busy, activation } = stored;
      return {
        kind,
        ...unless('queues', queues),
        perTask,
        includeBusy: busy ?? values.includeBusy,
        activation: activation ?? values.activation,
        ...common,
      };
    }
    case 'utilization':
      return { kind: stored.kind, target: stored.target, low: stored.low ?? defaultLow('utilization', stored.target), ...common };
    case 'metric':
      return loadMetric(stored, common);
  }
}

function loadMetric(stored: Extract<StoredTarget, { kind: 'metric' }>, common: Pick<Target, 'by' | 'concurrency' | 'step'>): Target {
  const { kind, source, every, perTask, target, low, activation } = stored;
  const loaded =
    'sqs' in source
      ? { from: 'sqs' as const, queueArn: source.sqs, attribute: source.attribute ?? values.sqsAttribute }
      : {
          from: 'cloudwatch' as const,
          namespace: source.namespace,
          metric: source.metric,
          dimensions: Object.fromEntries(source.dimensions),
          statistic: source.statistic ?? values.statistic,
          periodSeconds: source.period ?? values.periodSeconds,
        };
  const kept = target === undefined ? {} : { target, low: low ?? defaultLow('metric', target) };
  return {
    kind,
    source: loaded,
    everySeconds: every ?? values.everySeconds,
    ...unless('perTask', perTask),
    ...kept,
    ...unless('activation', activation),
    ...common,
  };
}
