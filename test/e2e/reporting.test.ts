import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Line, type Run, root, scratch, start } from './local-run.ts';

const home = scratch();
const policy = `customer: acme
services:
  web:
    arn: arn:aws:ecs:eu-west-1:111122223333:service/prod/web
    tasks: { min: 2, max: 30 }
    scale: [{ request-queue-time: { p95: 50ms } }]
  mailer:
    arn: arn:aws:ecs:eu-west-1:111122223333:service/prod/mailer
    tasks: { min: 0, max: 10 }
    scale: [{ job-latency: { queues: [mailers], target: 10s } }]
`;

let run: Run;
let ready: Line;
beforeAll(async () => {
  build();
  const args = ['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic', '--config', home.write('sluice.yml', policy)];
  run = start(args, { XDG_RUNTIME_DIR: home.path });
  ready = await run.until((line) => line.type === 'ready', 30_000);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  home.remove();
});

describe('reporting without an adapter', () => {
  it('the curl of docs/reporting.md, word for word, is taken whole and wakes the worker whose queue it tells of', async () => {
    const [, script = ''] = /```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/reporting.md'), 'utf8')) ?? [];
    const { stdout } = await promisify(execFile)('sh', ['-c', script], {
      env: { PATH: process.env['PATH'], JUDOSCALE_URL: ready['services'].web.reportUrl },
    });
    expect(JSON.parse(stdout)).toEqual({ accepted: 6, dropped: {}, ignored: 0 });
    const decision = await run.until(
      (line) => line.type === 'decision' && line['service'] === 'mailer' && line['kind'] === 'scale',
      10_000,
    );
    expect(decision['to']).toBeGreaterThan(0);
  }, 20_000);
});
