import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer =
  | { readonly kind: 'response'; readonly payload: unknown }
  | { readonly kind: 'error'; readonly type: string; readonly message: string };

/**
 * The server side of the Lambda Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): what a
 * function's process asks for its next event and gives its answer to. One event at a time, as in Lambda.
 */
export interface RuntimeApi {
  /** "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Hands the event to the function and waits for its answer. Rejects where the function could not be loaded, or takes longer. */
  invoke(event: unknown, timeoutMs: number): Promise<Answer>;
  close(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly event: string;
  readonly deadline: number;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: Error) => void;
}

const prefix = '/2018-06-01/runtime';

export async function startRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  const waiting: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let asking: ServerResponse | undefined;
  let broken: Error | undefined;

  const handOver = () => {
    const next = asking ? waiting.shift() : undefined;
    if (!asking || !next) return;
    running.set(next.id, next);
    asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': next.id,
      'lambda-runtime-deadline-ms': String(next.deadline),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    asking.end(next.event);
    asking = undefined;
  };

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === `${prefix}/invocation/next`) {
      asking = response;
      handOver();
      return;
    }
    void read(request).then((body) => {
      const [, id = '', what = ''] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
      const invocation = running.get(id);
      if (path === `${prefix}/init/error`) {
        broken = new Error(`the function could not be loaded: ${errorOf(body).message}`);
        for (const { failed } of waiting.splice(0)) failed(broken);
      } else if (invocation) {
        running.delete(id);
        invocation.done(what === 'response' ? { kind: 'response', payload: body === '' ? undefined : JSON.parse(body) } : errorOf(body));
      }
      const known = invocation !== undefined || path.endsWith('/init/error');
      response
        .writeHead(known ? 202 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ status: known ? 'OK' : 'unknown request id' }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;

  return {
    address: `127.0.0.1:${port}`,
    invoke: (event, timeoutMs) =>
      new Promise<Answer>((resolve, reject) => {
        if (broken) return reject(broken);
        const timer = setTimeout(() => reject(new Error(`the function gave no answer within ${timeoutMs} ms`)), timeoutMs);
        const settled =
          <T>(then: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            then(value);
          };
        waiting.push({
          id: randomUUID(),
          event: JSON.stringify(event),
          deadline: Date.now() + timeoutMs,
          done: settled(resolve),
          failed: settled(reject),
        });
        handOver();
      }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function errorOf(body: string): Answer & { readonly kind: 'error' } {
  const value: unknown = body === '' ? {} : JSON.parse(body);
  const field = (name: string) => (typeof value === 'object' && value !== null && name in value ? String(Reflect.get(value, name)) : '');
  return { kind: 'error', type: field('errorType'), message: field('errorMessage') };
}
