import type { SQSClient } from '@aws-sdk/client-sqs';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { queueArn } from '../accounts/queue-arn.ts';
import type { QueueDepth } from '../collect/metrics-aws.ts';
import { AwsFailure } from './aws-failure.ts';

export const GET_QUEUE_ATTRIBUTES = 'sqs:GetQueueAttributes';

/** One call. A count that SQS left out is a failure, never 0. */
export async function queueDepth(sqs: SQSClient, arn: string, signal: AbortSignal): Promise<QueueDepth> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl(arn),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
    { abortSignal: signal },
  );
  const count = (name: keyof typeof Attributes): number => {
    const text = Attributes[name];
    if (text === undefined || !/^\d{1,15}$/.test(text)) {
      throw new AwsFailure('unavailable', GET_QUEUE_ATTRIBUTES, `SQS told no ${name} of ${arn}: ${JSON.stringify(text)}`);
    }
    return Number(text);
  };
  return { visible: count('ApproximateNumberOfMessages'), inFlight: count('ApproximateNumberOfMessagesNotVisible') };
}

/** Account and name are what SQS reads of it; the request goes to the client's own endpoint. */
function queueUrl(arn: string): string {
  const { partition, region, accountId, name } = queueArn(arn);
  return `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${accountId}/${name}`;
}
