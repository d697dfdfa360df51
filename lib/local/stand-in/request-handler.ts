import type { Clock } from '../../clock.ts';
import type { StandIn } from './stand-in.ts';
import { answerAws } from './wire.ts';

/** A request as the SDK hands it to its request handler. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
interface HandlerOptions {
  readonly abortSignal?: { readonly aborted: boolean; onabort?: unknown } | undefined;
}

/** The shape of the SDK's HttpHandler. */
export interface StandInRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(
    request: SdkRequest,
    options?: HandlerOptions,
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/**
 * Answers the SDK's clients from within the process, without sockets, so that they run under a virtual
 * clock: give it to a client as `requestHandler`. An answer that is dropped looks like a broken
 * connection; an aborted call rejects at once, and is carried out all the same, as it can be at AWS.
 * `timeoutMs` is the longest that an answer may take by `clock`: the SDK's own timeouts run by the
 * machine's clock, which stands still in comparison.
 */
export function createRequestHandler(
  standIn: StandIn,
  limit?: { readonly clock: Clock; readonly timeoutMs: number },
): StandInRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
      const over = new AbortController();
      const answer = await Promise.race([
        answerAws(standIn, { method: request.method, path: request.path, headers, body: textOf(request.body) }),
        ...(abortSignal === undefined ? [] : [aborted(abortSignal)]),
        ...(limit === undefined ? [] : [tooSlow(limit, over.signal)]),
      ]).finally(() => over.abort());
      if (answer === 'dropped') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return { response: { statusCode: answer.status, headers: { ...answer.headers }, body: new TextEncoder().encode(answer.body) } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

function aborted(signal: NonNullable<HandlerOptions['abortSignal']>): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(named('AbortError', 'Request aborted'));
    if (signal.aborted) abort();
    else if (signal instanceof AbortSignal) signal.addEventListener('abort', abort, { once: true });
    else signal.onabort = abort;
  });
}

async function tooSlow({ clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number }, over: AbortSignal): Promise<never> {
  await clock.sleep(timeoutMs, over);
  throw named('TimeoutError', `no answer within ${timeoutMs} ms`);
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
