import { createServer, type IncomingMessage } from 'node:http';
import { answerControl } from './control.ts';
import type { StandIn } from './stand-in.ts';
import { answerAws, type WireAnswer } from './wire.ts';

export interface StandInServer {
  /** "http://127.0.0.1:N": the endpoint to give to AWS clients. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and breaks off what is still open. */
  close(): Promise<void>;
}

const LARGEST_BODY = 4 * 1024 * 1024;

/** Serves the stand-in on loopback only; a port of 0 takes any that is free. Rejects with the error of `listen`, EADDRINUSE for one. */
export async function serveStandIn(standIn: StandIn, { port }: { readonly port: number }): Promise<StandInServer> {
  const server = createServer((request, response) => {
    answer(standIn, request)
      .then((given) => {
        if (given === 'dropped') request.socket.destroy();
        else response.writeHead(given.status, { ...given.headers, 'content-length': Buffer.byteLength(given.body) }).end(given.body);
      })
      .catch((error: unknown) => {
        // A fault of the stand-in's own: it must not look like an answer that AWS gives.
        response.writeHead(500, { 'content-type': 'text/plain' }).end(`the stand-in failed: ${String(error)}`);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(standIn: StandIn, request: IncomingMessage): Promise<WireAnswer | 'dropped'> {
  const body = await read(request);
  if (body === undefined)
    return { status: 413, headers: { 'content-type': 'text/plain' }, body: `a request has at most ${LARGEST_BODY} bytes` };
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const asked = { method: request.method ?? 'GET', path: request.url ?? '/', headers, body };
  return asked.path.startsWith('/_') ? answerControl(standIn, asked) : answerAws(standIn, asked);
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? undefined : Buffer.concat(chunks).toString('utf8');
}
