import { queueArn } from '../accounts/queue-arn.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import type { MetricTarget, ServiceConfig } from '../policy/policy.ts';
import { metricKey } from '../signals/metric-key.ts';
import type { MetricQuery } from './metrics-aws.ts';

/** One number that a target of a service goes by: where it is asked for, and under which key it is kept. */
export interface Source {
  readonly customer: string;
  readonly service: string;
  readonly group: string;
  readonly accountId: string;
  readonly region: string;
  readonly key: string;
  readonly everySeconds: number;
  readonly ask:
    | { readonly kind: 'depth'; readonly queueArn: string; readonly attribute: 'visible' | 'visible-and-in-flight' }
    /** The datapoint times `scale` is the number. */
    | { readonly kind: 'metric'; readonly query: MetricQuery; readonly scale: number };
}

/** What has to be collected for a service; nothing for one that is off. */
export function sourcesOf(service: ServiceConfig): Source[] {
  if (service.policy.mode === 'off') return [];
  return service.policy.targets.flatMap((target) => (target.kind === 'metric' ? [sourceOf(service, target)] : []));
}

/**
 * A queue is asked for in its own account and Region, which may be others than the service's; a metric of CloudWatch in those of the
 * service.
 */
function sourceOf({ customer, name, group, arn }: ServiceConfig, { source, everySeconds }: MetricTarget): Source {
  const common = { customer, service: name, group, key: metricKey(name, source), everySeconds };
  if (source.from === 'cloudwatch') {
    const { accountId, region } = serviceArn(arn);
    const { namespace, metric, dimensions, statistic, periodSeconds } = source;
    return {
      ...common,
      accountId,
      region,
      ask: { kind: 'metric', query: { namespace, metric, dimensions, statistic, periodSeconds }, scale: 1 },
    };
  }
  const { accountId, region, name: queue } = queueArn(source.queueArn);
  const where = { ...common, accountId, region };
  return source.attribute === 'age'
    ? { ...where, ask: { kind: 'metric', query: ageQuery(queue), scale: 1_000 } }
    : { ...where, ask: { kind: 'depth', queueArn: source.queueArn, attribute: source.attribute } };
}

/** SQS has the age of the oldest message in CloudWatch alone, in seconds, a new one each minute. */
const ageQuery = (queue: string): MetricQuery => ({
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimensions: { QueueName: queue },
  statistic: 'Maximum',
  periodSeconds: 60,
});
