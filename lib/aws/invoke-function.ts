import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

export interface InvokerOptions {
  readonly functionName: string;
  readonly region: string;
}

/** Invokes a function and resolves with its answer. Throws where the function did. */
export function createAsker(options: InvokerOptions): (event: object) => Promise<unknown> {
  let client: LambdaClient | undefined;
  return async (event) => {
    client ??= new LambdaClient({ region: options.region });
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: options.functionName,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    const text = answer.Payload === undefined ? 'null' : Buffer.from(answer.Payload).toString('utf8');
    if (answer.FunctionError !== undefined)
      throw new Error(`${options.functionName} failed (${answer.FunctionError}): ${text.slice(0, 300)}`);
    const value: unknown = JSON.parse(text);
    return value;
  };
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
