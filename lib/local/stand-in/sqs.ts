import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { Operation, Parameters, Scene } from './operation.ts';

const Asked = z.object({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) });

/** What SQS answers of all it could: how much is in a queue, never what. */
export const SQS_OPERATIONS: Readonly<Record<string, Operation>> = {
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
  GetQueueAttributes: {
    needs: (parameters, scene) => [{ action: 'sqs:GetQueueAttributes', resource: read(parameters, scene).arn, context: {} }],
    perform: (parameters, scene) => {
      const { arn, attributes } = read(parameters, scene);
      const queue = scene.measures.queue(arn);
      if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      const all: Readonly<Record<string, string>> = {
        QueueArn: arn,
        ApproximateNumberOfMessages: String(queue.visible),
        ApproximateNumberOfMessagesNotVisible: String(queue.inFlight),
        ApproximateNumberOfMessagesDelayed: '0',
      };
      const unknown = attributes.find((name) => name !== 'All' && !Object.hasOwn(all, name));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const wanted = Object.entries(all).filter(([name]) => attributes.includes('All') || attributes.includes(name));
      return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
    },
  },
};

/** SQS goes by account and name in the queue's URL, whatever its host. */
function read(parameters: Parameters, { partition, region }: Scene): { readonly arn: string; readonly attributes: readonly string[] } {
  const asked = Asked.safeParse(parameters);
  if (!asked.success)
    throw new AwsError('MissingParameter', asked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const [, accountId, name] = /\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/.exec(asked.data.QueueUrl) ?? [];
  if (accountId === undefined || name === undefined)
    throw new AwsError('InvalidAddress', `The address ${asked.data.QueueUrl} is not valid for this endpoint.`, 404);
  return { arn: `arn:${partition}:sqs:${region}:${accountId}:${name}`, attributes: asked.data.AttributeNames };
}
