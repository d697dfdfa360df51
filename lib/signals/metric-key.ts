import { createHash } from 'node:crypto';
import type { MetricTarget } from '../policy/policy.ts';

/**
 * Under which a number of one service's target is stored: 16 hexadecimal digits over the service's name (the same metric may be
 * another one in another service's account or Region) and what makes the number what it is.
 */
export function metricKey(service: string, source: MetricTarget['source']): string {
  const named =
    source.from === 'sqs'
      ? [source.queueArn, source.attribute]
      : [source.namespace, source.metric, source.statistic, source.periodSeconds, Object.entries(source.dimensions).sort(byName)];
  return createHash('sha256')
    .update(JSON.stringify([service, ...named]))
    .digest('hex')
    .slice(0, 16);
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : a > b ? 1 : 0);
