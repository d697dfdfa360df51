import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import type { HttpRequest } from './function-url-event.ts';
import { exceedsInvocationLimit, functionUrlEvent, INVOCATION_LIMIT_BYTES } from './function-url-event.ts';
import type { HttpResponse } from './function-url-response.ts';
import { functionFailed, functionUrlResponse, jsonResponse } from './function-url-response.ts';
import type { LambdaHandler } from './lambda-context.ts';
import { lambdaContext } from './lambda-context.ts';

/** One function behind the server, as if it had a function URL of its own at `prefix`. */
export interface Mount {
  /** "" or "/admin/<secret>": cut off before the function sees the path. The first mount that fits is taken. */
  readonly prefix: string;
  readonly name: string;
  readonly handler: LambdaHandler<LambdaFunctionURLEvent, unknown>;
  /** As in serverless.yml. */
  readonly timeoutMs: number;
}

export interface HttpServerOptions {
  readonly port: number;
  /** The address to listen on; default: loopback, which a local run never leaves. */
  readonly host?: string;
  /** How long a connection may stay idle; default: node's five seconds. */
  readonly idleMs?: number;
  readonly mounts: readonly Mount[];
  readonly clock: Clock;
  /** A handler that threw or ran out of time: AWS would write it to the function's log. */
  readonly onFailure: (functionName: string, error: unknown) => void;
}

export interface RunningHttpServer {
  readonly port: number;
  /** "http://127.0.0.1:1234" */
  readonly url: string;
  /** Takes no more, lets answers under way out for `graceMs`, then closes every connection. */
  close(graceMs?: number): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Read and thrown away beyond the limit, so that a client gets its 413 instead of a broken pipe. */
const DRAIN_BYTES = 64 * 1024 * 1024;

const tooLarge = () =>
  jsonResponse(413, { Message: `Request must be smaller than ${INVOCATION_LIMIT_BYTES} bytes for the InvokeFunction operation` });

/** The body, or undefined when it is larger than any that Lambda takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size <= INVOCATION_LIMIT_BYTES) chunks.push(bytes);
    else chunks.length = 0;
    if (size > DRAIN_BYTES) break;
  }
  return size > INVOCATION_LIMIT_BYTES ? undefined : Buffer.concat(chunks);
}

function mountFor(mounts: readonly Mount[], target: string): { mount: Mount; target: string } | undefined {
  for (const mount of mounts) {
    if (!target.startsWith(mount.prefix)) continue;
    const rest = target.slice(mount.prefix.length);
    if (rest === '' || rest.startsWith('/') || rest.startsWith('?')) return { mount, target: rest.startsWith('/') ? rest : `/${rest}` };
  }
  return undefined;
}

const TIMED_OUT = Symbol('timed out');

async function invoke(mount: Mount, request: HttpRequest, options: HttpServerOptions): Promise<HttpResponse> {
  const { clock } = options;
  const requestId = randomUUID();
  const event = functionUrlEvent(request, { requestId, at: clock.now(), domainName: 'local.lambda-url.us-east-1.on.aws' });
  if (exceedsInvocationLimit(event)) return tooLarge();
  const done = new AbortController();
  try {
    const result = await Promise.race([
      mount.handler(
        event,
        lambdaContext(mount.name, requestId, mount.timeoutMs, () => clock.now()),
      ),
      clock.sleep(mount.timeoutMs, done.signal).then(() => TIMED_OUT),
    ]);
    if (result !== TIMED_OUT) return functionUrlResponse(result);
    options.onFailure(mount.name, new Error(`${mount.name} took longer than its timeout of ${mount.timeoutMs} ms`));
    return functionFailed;
  } catch (error) {
    options.onFailure(mount.name, error);
    return functionFailed;
  } finally {
    done.abort();
  }
}

function send(response: ServerResponse, answer: HttpResponse, headOnly: boolean): void {
  if (response.destroyed) return;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.cookies.length > 0) response.setHeader('set-cookie', [...answer.cookies]);
  response.setHeader('content-length', answer.body.length);
  response.end(headOnly ? undefined : answer.body);
}

async function answer(request: IncomingMessage, options: HttpServerOptions): Promise<HttpResponse> {
  const found = mountFor(options.mounts, request.url ?? '/');
  const body = await readBody(request);
  if (found === undefined) return jsonResponse(404, { Message: 'Not Found' });
  if (body === undefined) return tooLarge();
  return invoke(
    found.mount,
    {
      method: request.method ?? 'GET',
      target: found.target,
      rawHeaders: request.rawHeaders,
      body,
      sourceIp: request.socket.remoteAddress ?? LOOPBACK,
    },
    options,
  );
}

const listen = (server: Server, port: number, host: string) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no TCP address'));
      else resolve(address.port);
    });
  });

/**
 * Serves Lambda handlers over HTTP as function URLs would: same events, same limit of 6 MB, same answers when a function
 * fails. Rejects with node's error (`EADDRINUSE`) when the port is taken.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (result) => {
        if (result.status === 413) response.setHeader('connection', 'close');
        send(response, result, request.method === 'HEAD');
      },
      // The client went away in the middle of its request: nobody is left to answer.
      () => response.destroy(),
    );
  });
  if (options.idleMs !== undefined) server.keepAliveTimeout = options.idleMs;
  const host = options.host ?? LOOPBACK;
  const port = await listen(server, options.port, host);
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: (graceMs = 1_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
