import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

export interface InvokerOptions {
  readonly functionName: string;
  readonly region: string;
}

/** Invokes a function asynchronously: resolves when Lambda has taken the event, not when it is done. */
export function createInvoker(options: InvokerOptions): (event: object) => Promise<void> {
  let client: LambdaClient | undefined;
  return async (event) => {
    // Made at the first use: most ticks have one shard and never need it.
    client ??= new LambdaClient({ region: options.region });
    await client.send(
      new InvokeCommand({ FunctionName: options.functionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) }),
    );
  };
}
