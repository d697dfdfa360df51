import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Line, type Run, runToEnd, scratch, start } from './local-run.ts';

const home = scratch();
const env = { XDG_RUNTIME_DIR: home.path };
let run: Run;
let ready: Line;
const started = Date.now();

beforeAll(async () => {
  build();
  run = start(['dev', '--json', '--port', '0', '--aws-port', '0'], env);
  ready = await run.until((line) => line.type === 'ready', 30_000);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  home.remove();
});

const post = (
  body: string | Uint8Array,
  { path = '/v3/reports', base = String(ready['services'].web.reportUrl), type = 'application/json' } = {},
) => fetch(`${base}${path}`, { method: 'POST', body, headers: { 'content-type': type } });

describe.sequential('the example, run by one command', () => {
  it('is ready with its services, the stand-in and the admin API, all on this machine', () => {
    expect(Object.keys(ready['services'])).toEqual(['web', 'worker']);
    for (const url of [ready['aws'], ready['admin'], ready['services'].web.reportUrl]) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(ready['services'].web).toMatchObject({ arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web', mode: 'on' });
  });

  it('answers a report that fits with what was accepted, by a double slash too', async () => {
    const now = Date.now() / 1000;
    const body = JSON.stringify({
      container: 'c',
      pid: 1,
      adapters: {},
      metrics: [
        [now, 3, 'at', null],
        [now, -3, 'at', null],
      ],
    });
    for (const path of ['/v3/reports', '//v3/reports']) {
      const response = await post(body, { path });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ accepted: 1 });
    }
  });

  it('answers 401 to a token that it does not know', async () => {
    const response = await post('{"metrics":[]}', { base: String(ready['services'].web.reportUrl).replace(/.{6}$/, 'AAAAAA') });
    expect(response.status).toBe(401);
  });

  it.each([
    ['no JSON', '{"metrics":[', 400],
    ['an array', '[]', 400],
    ['a word', '"report"', 400],
    ['metrics of the wrong type', '{"metrics":{}}', 400],
    ['200 levels of nesting', `{"metrics":[],"metadata":${'['.repeat(200)}${']'.repeat(200)}}`, 400],
    ['nothing', '', 400],
    ['7 MB', `{"metrics":[${'[1,2,"at",null],'.repeat(450_000)}[1,2,"at",null]]}`, 413],
  ])('names the problem of a body that is %s, and stays alive', async (_what, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toMatch(/why|Message/);
    expect((await post('{"container":"c","pid":1,"metrics":[]}')).status).toBe(200);
  });

  it('scales web out within 30 s of its start, and applies it', async () => {
    const decision = await run.until(
      (line) => line.type === 'decision' && line['service'] === 'web' && line['kind'] === 'scale' && line['to'] > line['from'],
      30_000,
    );
    expect(Date.now() - started).toBeLessThan(32_000);
    expect(decision['at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(decision['code']).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(decision['trail'].map((step: Line) => step['code'])).toContain(decision['code']);
    const outcome = await run.until((line) => line.type === 'outcome' && line['decision'] === decision['id'], 5_000);
    expect(outcome).toMatchObject({ outcome: 'applied', service: 'web', desiredCount: decision['to'] });
    const order = run.lines().map((line) => line['id'] ?? line['decision']);
    expect(order.indexOf(decision['id'])).toBeLessThan(order.lastIndexOf(decision['id']));
  }, 40_000);

  it('sends cluster, service and desired count and nothing else, in a session that names the decision', async () => {
    const { calls } = (await (await fetch(`${ready['aws']}/_calls`)).json()) as { calls: Line[] };
    const writes = calls.filter((call) => call['action'] === 'UpdateService');
    expect(writes.length).toBeGreaterThan(0);
    for (const call of writes) {
      expect(Object.keys(call['parameters']).sort()).toEqual(['cluster', 'desiredCount', 'service']);
      expect(call).toMatchObject({ account: '111122223333', externalId: true, allowed: true });
    }
    const scaled = run.lines().filter((line) => line.type === 'decision' && line['kind'] === 'scale');
    expect(scaled.some((line) => String(writes[0]?.['sessionName']).includes(line['id']))).toBe(true);
  });

  it('is found by the other commands, which say so on stderr', async () => {
    const services = await runToEnd(['services', '--json'], env);
    expect(services).toMatchObject({ code: 0, stderr: expect.stringContaining('local run') });
    expect(JSON.parse(services.stdout).services.map((service: Line) => service['name'])).toEqual(['web', 'worker']);
    const paused = await runToEnd(['pause', 'worker', '--in', '--for', '10m', '--json', '--url', String(ready['admin'])], env);
    expect(paused).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(paused.stdout)).toMatchObject({ in: true, out: false });
  }, 30_000);

  it('ends with 0 within five seconds of two Ctrl-C, having written JSON lines and nothing else', async () => {
    const interrupted = Date.now();
    run.child.kill('SIGINT');
    setTimeout(() => run.child.kill('SIGINT'), 100);
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(Date.now() - interrupted).toBeLessThan(5_000);
    expect(ended.stderr).toBe('');
    for (const line of run.lines()) expect(line).toHaveProperty('type');
    expect(run.lines().filter((line) => line.type === 'warning' || line.type === 'problem')).toEqual([]);
  });
});
