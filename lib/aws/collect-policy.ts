import { queueArn } from '../accounts/queue-arn.ts';
import { LONGEST_SESSION_POLICY } from './session-policy.ts';

const allow = (action: string, resource: string | readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

/** For metrics: IAM has no resource for them. */
export const metricsPolicy = (): string => allow('cloudwatch:GetMetricData', '*');

export interface QueueSession {
  readonly queueArns: readonly string[];
  /** Narrowest first: the queues one by one; those of their account and Region, for when STS finds the first too large. */
  readonly policies: readonly [string, string];
}

/**
 * For reading the depth of these queues, all of one account and Region: as many sessions as it takes for each to name its queues
 * within the length that STS takes.
 */
export function queueSessions(queueArns: readonly string[]): QueueSession[] {
  const sessions: string[][] = [];
  for (const arn of [...new Set(queueArns)].sort()) {
    const last = sessions.at(-1);
    if (last && depthPolicy([...last, arn]).length <= LONGEST_SESSION_POLICY) last.push(arn);
    else sessions.push([arn]);
  }
  return sessions.map((arns) => ({ queueArns: arns, policies: [depthPolicy(arns), depthPolicy(arns.slice(0, 1).map(everyQueueBeside))] }));
}

const depthPolicy = (resources: readonly string[]) => allow('sqs:GetQueueAttributes', resources);

function everyQueueBeside(arn: string): string {
  const { partition, region, accountId } = queueArn(arn);
  return `arn:${partition}:sqs:${region}:${accountId}:*`;
}
