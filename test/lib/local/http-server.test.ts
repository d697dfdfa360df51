import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import type { Mount, RunningHttpServer } from '../../../lib/local/http-server.ts';
import { startHttpServer } from '../../../lib/local/http-server.ts';

let server: RunningHttpServer | undefined;
const failures: string[] = [];
afterEach(async () => {
  await server?.close(0);
  server = undefined;
  failures.length = 0;
});

async function serve(...mounts: Partial<Mount>[]): Promise<string> {
  server = await startHttpServer({
    port: 0,
    clock: systemClock,
    mounts: mounts.map((mount) => ({
      prefix: '',
      name: 'echo',
      timeoutMs: 5_000,
      handler: async (event) => ({ statusCode: 200, body: event.rawPath }),
      ...mount,
    })),
    onFailure: (name, error) => failures.push(`${name}: ${String(error)}`),
  });
  return server.url;
}

/** fetch normalises paths; this does not. */
const rawGet = (url: string, path: string) =>
  new Promise<string>((resolve, reject) => {
    request(`${url}/`, { path }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });

describe('the local HTTP server', () => {
  it('hands a function the path as sent, double slashes too', async () => {
    const url = await serve({});
    expect(await rawGet(url, '//v3/reports')).toBe('//v3/reports');
    expect(await rawGet(url, '/token//v3/reports?a=1')).toBe('/token//v3/reports');
  });

  it('cuts off the prefix of a function, and does not take a longer word for it', async () => {
    const url = await serve({ prefix: '/admin/s3', handler: async (event) => ({ statusCode: 200, body: `admin ${event.rawPath}` }) }, {});
    expect(await rawGet(url, '/admin/s3/services')).toBe('admin /services');
    expect(await rawGet(url, '/admin/s3')).toBe('admin /');
    expect(await rawGet(url, '/admin/s3x/services')).toBe('/admin/s3x/services');
  });

  it('answers 413 to 7 MB without invoking anything, and stays alive', async () => {
    let calls = 0;
    const url = await serve({ handler: async () => ({ statusCode: 200, body: String(++calls) }) });
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(7_000_000), headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('6291456');
    expect(await (await fetch(url)).text()).toBe('1');
  });

  it('answers 502 and tells the failure when a handler throws, and stays alive', async () => {
    const url = await serve({
      handler: async (event) => {
        if (event.rawPath === '/bad') throw new Error('broken');
        return { statusCode: 204 };
      },
    });
    expect((await fetch(`${url}/bad`)).status).toBe(502);
    expect((await fetch(`${url}/good`)).status).toBe(204);
    expect(failures).toEqual(['echo: Error: broken']);
  });

  it('answers 502 when a handler takes longer than its timeout', async () => {
    const url = await serve({ timeoutMs: 30, handler: () => new Promise(() => undefined) });
    expect((await fetch(url)).status).toBe(502);
    expect(failures[0]).toContain('timeout of 30 ms');
  });

  it('answers 404 where no function is', async () => {
    const url = await serve({ prefix: '/admin/s3' });
    expect((await fetch(`${url}/else`)).status).toBe(404);
  });

  it('says that a port is taken', async () => {
    await serve({});
    await expect(
      startHttpServer({ port: server?.port ?? 0, clock: systemClock, mounts: [], onFailure: () => undefined }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('closes although a client keeps its connection and another waits for an answer', async () => {
    const url = await serve({ handler: () => new Promise(() => undefined), timeoutMs: 60_000 });
    const pending = fetch(url).catch(() => 'cut off');
    await systemClock.sleep(50);
    const started = Date.now();
    await server?.close(100);
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(await pending).toBe('cut off');
  });
});
