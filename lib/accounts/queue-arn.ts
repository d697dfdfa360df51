/** An SQS queue, taken apart. */
export interface QueueArn {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
}

const QUEUE_ARN = /^arn:(aws(?:-[a-z0-9]+)*):sqs:([a-z]{2,}(?:-[a-z0-9]+)+-[0-9]+):([0-9]{12}):([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/;

/** Takes the ARN of a queue apart that was checked before it was stored: a bad one is a fault of ours and throws. */
export function queueArn(arn: string): QueueArn {
  const [, partition, region, accountId, name] = QUEUE_ARN.exec(arn) ?? [];
  if (partition === undefined || region === undefined || accountId === undefined || name === undefined)
    throw new Error(`not the ARN of an SQS queue: ${JSON.stringify(arn)}`);
  return { arn, partition, region, accountId, name };
}
