import { createServer } from 'node:http';
import type { wholeSystem } from '../../fakes/whole-system.ts';

/** The admin API of a system in memory behind a port of this machine, as commands reach a local run's. */
export async function serveAdmin(
  system: Pick<ReturnType<typeof wholeSystem>, 'api'>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = await system.api(
      request.method ?? 'GET',
      pathname,
      body === '' ? {} : JSON.parse(body),
      Object.fromEntries(searchParams),
    );
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
