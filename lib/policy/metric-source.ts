import type { MetricTarget } from './policy.ts';

/** How often the source itself has a new value, in seconds; 0: whenever it is asked. */
export function sourcePeriodSeconds(source: MetricTarget['source']): number {
  if (source.from === 'cloudwatch') return source.periodSeconds;
  return source.attribute === 'age' ? 60 : 0;
}
