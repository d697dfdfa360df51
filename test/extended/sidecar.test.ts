import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, stop } from './serve.ts';

const sidecar = resolve(import.meta.dirname, '../../infra/sidecar');
const nginx = process.env['SLUICE_NGINX'];
const envoy = process.env['SLUICE_ENVOY'];

describe.skipIf(nginx === undefined)('infra/sidecar/nginx.conf.template, in NGINX itself', () => {
  let folder = '';
  let conf = '';
  let url = '';
  let running: ChildProcess | undefined;
  const seen: IncomingHttpHeaders[] = [];
  const app = createServer((request, response) => {
    seen.push(request.headers);
    response.end('from the app');
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-nginx-'));
    const port = await freePort();
    await new Promise<void>((done) => app.listen(0, '127.0.0.1', done));
    const address = app.address();
    const appPort = address !== null && typeof address === 'object' ? address.port : 0;
    // As the image does it: names of the environment are filled in, those that NGINX knows are left alone.
    const values: Record<string, string> = { LISTEN_PORT: `127.0.0.1:${port}`, APP_PORT: String(appPort) };
    const server = readFileSync(join(sidecar, 'nginx.conf.template'), 'utf8').replaceAll(
      /\$\{(\w+)\}/g,
      (_, name: string) => values[name] ?? '',
    );
    writeFileSync(join(folder, 'default.conf'), server);
    conf = join(folder, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
    writeFileSync(
      conf,
      `daemon off; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${temporary} include ${folder}/default.conf; }`,
    );
    running = spawn(nginx ?? '', ['-c', conf, '-p', folder], { stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 50; tries++) {
      if (await fetch(url).then(Boolean, () => false)) break;
      await new Promise((wait) => setTimeout(wait, 100));
    }
    seen.length = 0;
  });
  afterAll(async () => {
    if (running) await stop(running);
    app.close();
    await once(app, 'close').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  test('is taken without a remark', () => {
    const { status, stderr } = spawnSync(nginx ?? '', ['-t', '-c', conf, '-p', folder], { encoding: 'utf8' });
    expect({ status, remarks: stderr.split('\n').filter((line) => /\[(warn|emerg|error)\]/.test(line)) }).toEqual({
      status: 0,
      remarks: [],
    });
  });

  test('writes when the request arrived, in seconds with milliseconds, over whatever a client sent', async () => {
    const before = Date.now() / 1_000;
    const answer = await fetch(`${url}/orders?x=1`, { headers: { 'x-request-start': 't=1.000' } });
    expect(await answer.text()).toBe('from the app');
    const [, time = ''] = /^t=(\d+\.\d{3})$/.exec(String(seen.at(-1)?.['x-request-start'])) ?? [];
    expect(Number(time)).toBeGreaterThanOrEqual(before - 0.01);
    expect(Number(time)).toBeLessThanOrEqual(Date.now() / 1_000);
    // One connection a request, as its comment says.
    expect(seen.at(-1)?.connection).toBe('close');
  });
});

test.skipIf(envoy === undefined)('infra/sidecar/envoy.yaml is taken by Envoy itself', () => {
  const { status, stderr } = spawnSync(envoy ?? '', ['--mode', 'validate', '-c', join(sidecar, 'envoy.yaml')], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
});
