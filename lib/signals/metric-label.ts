import type { MetricTarget } from '../policy/policy.ts';

/** AWS's own namespaces whose usual name is another. */
const SHORT_NAMES: Readonly<Record<string, string>> = { ApplicationELB: 'ALB', NetworkELB: 'NLB', GatewayELB: 'GWLB' };

/** "SQS messages visible in jobs", "ALB TargetResponseTime p95": what people call the number. */
export function metricLabel(source: MetricTarget['source']): string {
  if (source.from === 'sqs') {
    const queue = source.queueArn.slice(source.queueArn.lastIndexOf(':') + 1);
    switch (source.attribute) {
      case 'visible':
        return `SQS messages visible in ${queue}`;
      case 'visible-and-in-flight':
        return `SQS messages visible and in flight in ${queue}`;
      case 'age':
        return `age of the oldest SQS message in ${queue}`;
    }
  }
  const { namespace, metric, statistic } = source;
  const short = namespace.startsWith('AWS/') ? namespace.slice('AWS/'.length) : namespace;
  const name = Object.hasOwn(SHORT_NAMES, short) ? SHORT_NAMES[short] : short;
  return `${name} ${metric} ${/^p\d/.test(statistic) ? statistic : statistic.toLowerCase()}`;
}
