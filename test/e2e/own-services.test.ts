import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Line, type Run, reportBreach, scratch, start } from './local-run.ts';

const home = scratch();
const arnOf = (name: string, account = '111122223333') => `arn:aws:ecs:eu-west-1:${account}:service/prod/${name}`;
const service = (name: string, arn: string, more = '') =>
  `  ${name}:\n    arn: ${arn}\n    tasks: { min: 2, max: 30 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n${more}`;
const names = ['api', 'daemon', 'gone', 'express', 'denied', 'slow'];

let run: Run;
let ready: Line;
let metadataHits = 0;
const metadata = createServer((_request, response) => {
  metadataHits += 1;
  response.end('{}');
});

beforeAll(async () => {
  build();
  const address = await new Promise<ReturnType<typeof metadata.address>>((resolve) =>
    metadata.listen(0, '127.0.0.1', () => resolve(metadata.address())),
  );
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const marker = join(home.path, 'credential-process-ran');
  const profile = home.write(
    'config',
    `[profile prod]\nregion = us-west-2\ncredential_process = touch ${marker}\nendpoint_url = http://127.0.0.1:${port}\n`,
  );
  const acme = home.write(
    'acme.yml',
    `customer: acme\nservices:\n${names.map((name) => service(name, arnOf(name), '    group: own\n'.replace('own', name))).join('')}  watched:\n    arn: ${arnOf('watched')}\n    mode: observe\n    tasks: { min: 2, max: 30 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`,
  );
  const umbrella = home.write('umbrella.yml', `customer: umbrella\nservices:\n${service('api', arnOf('api-of-umbrella'))}`);
  run = start(['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic', '--config', acme, '--config', umbrella], {
    XDG_RUNTIME_DIR: home.path,
    AWS_PROFILE: 'prod',
    AWS_CONFIG_FILE: profile,
    AWS_SHARED_CREDENTIALS_FILE: profile,
    AWS_ACCESS_KEY_ID: 'AKIAREALREALREALREAL',
    AWS_SECRET_ACCESS_KEY: 'real',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials`,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
  });
  ready = await run.until((line) => line.type === 'ready', 30_000);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  metadata.close();
  home.remove();
});

const put = (body: object) => fetch(`${ready['aws']}/_services`, { method: 'PUT', body: JSON.stringify(body) });
const fault = (body: object) => fetch(`${ready['aws']}/_faults`, { method: 'POST', body: JSON.stringify(body) });

const report = async (name: string) => expect(await reportBreach(ready['services'][name].reportUrl)).toBe(200);
/** Reports until such a line comes: a group is decided at most every few seconds. */
async function reportUntil(name: string, fits: (line: Line) => boolean): Promise<Line> {
  const found = run.until(fits, 14_000);
  const again = setInterval(() => void report(name).catch(() => undefined), 1_000);
  try {
    await report(name);
    return await found;
  } finally {
    clearInterval(again);
  }
}
const outcomeOf = (name: string) => (line: Line) => line.type === 'outcome' && line['service'] === name;

describe.sequential("a run of the user's own policy files", () => {
  it('has all services in its stand-in, with desired = running = min, and names apart what two customers call alike', async () => {
    expect(Object.keys(ready['services']).sort()).toEqual([
      'acme/api',
      'daemon',
      'denied',
      'express',
      'gone',
      'slow',
      'umbrella/api',
      'watched',
    ]);
    const { services } = (await (await fetch(`${ready['aws']}/_services`)).json()) as { services: Line[] };
    expect(services).toHaveLength(8);
    for (const one of services) expect(one).toMatchObject({ desiredCount: 2, runningCount: 2, pendingCount: 0, status: 'ACTIVE' });
  });

  it('scales the one that reports, for one customer only', async () => {
    const outcome = await reportUntil('acme/api', outcomeOf('acme/api'));
    expect(outcome).toMatchObject({ outcome: 'applied', customer: 'acme' });
    expect(
      run.lines().filter((line) => line.type === 'decision' && line['service'] === 'umbrella/api' && line['kind'] === 'scale'),
    ).toEqual([]);
  }, 20_000);

  it('tells what cannot be scaled as a problem of that service, and goes on with the others', async () => {
    await put({ arn: arnOf('daemon'), schedulingStrategy: 'DAEMON' });
    await put({ arn: arnOf('gone'), status: 'INACTIVE' });
    await put({ arn: arnOf('express'), resourceManagementType: 'ECS' });
    const codes = { daemon: 'DaemonService', gone: 'ServiceInactive', express: 'ManagedByEcsExpress' };
    await Promise.all(
      Object.entries(codes).map(([name, code]) =>
        run.until((line) => line.type === 'problem' && line['service'] === name && line['code'] === code, 14_000),
      ),
    );
    expect(
      new Set(
        run
          .lines()
          .filter((line) => line.type === 'problem')
          .map((line) => line['service']),
      ),
    ).toEqual(new Set(Object.keys(codes)));
  }, 20_000);

  it('refuses where AWS denies, and says who denied what', async () => {
    await fault({ action: 'ecs:UpdateService', fault: 'deny', count: 1 });
    const outcome = await reportUntil('denied', outcomeOf('denied'));
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(outcome['why']).toContain('ecs:UpdateService');
  }, 20_000);

  it('fails where the answer is lost, and takes the count that it finds for its own', async () => {
    await fault({ action: 'ecs:UpdateService', fault: 'drop', count: 1 });
    expect(await reportUntil('slow', outcomeOf('slow'))).toMatchObject({ outcome: 'failed' });
    const { services } = (await (await fetch(`${ready['aws']}/_services`)).json()) as { services: Line[] };
    expect(services.find((one) => one['arn'] === arnOf('slow'))?.['desiredCount']).toBeGreaterThan(2);
  }, 20_000);

  it('changes nothing of a service in observe', async () => {
    const decision = await reportUntil('watched', (line) => line.type === 'decision' && line['service'] === 'watched' && line['would'] > 2);
    expect(decision).toMatchObject({ kind: 'hold', from: 2, to: 2 });
    expect(run.lines().filter(outcomeOf('watched'))).toEqual([]);
  }, 20_000);

  it("uses no key, profile, process or server of the machine's", async () => {
    expect(metadataHits).toBe(0);
    expect(existsSync(join(home.path, 'credential-process-ran'))).toBe(false);
    const { calls } = (await (await fetch(`${ready['aws']}/_calls`)).json()) as { calls: Line[] };
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) expect(call['account']).not.toBeNull();
    expect(JSON.stringify(calls)).not.toContain('AKIAREAL');
  });

  it('ends with 0 at SIGTERM', async () => {
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(0);
  });
});
