import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { wholeSystem } from '../../fakes/whole-system.ts';
import { serveAdmin } from './admin-server.ts';
import { aTerminal } from './terminal.ts';

const names = ['web', 'api', 'jobs'];
const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`;
const beginning = 'https://reports.example.com';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-report-urls-'));
  file = join(folder, 'sluice.yml');
  const service = (name: string) =>
    `  ${name}:\n    arn: ${arn(name)}\n    tasks: { min: 1, max: 9 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`;
  writeFileSync(file, `customer: acme\nservices:\n${names.map(service).join('')}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function deployed(reportsUrl?: string) {
  const system = wholeSystem(reportsUrl === undefined ? {} : { reportsUrl });
  await system.connect();
  for (const name of names) system.aws.put({ arn: arn(name), desired: 1, running: 1 });
  const { url, close } = await serveAdmin(system);
  const run = async (...args: string[]) => {
    const terminal = aTerminal({ SLUICE_URL: url });
    return { code: await runCommandLine(args, '1.2.3', terminal), out: terminal.out(), err: terminal.err() };
  };
  return { system, url, close, run };
}

describe('report URLs of a deployed Sluice', () => {
  it('are printed whole for each service by apply, and each takes reports', async () => {
    // The function URL of ingest ends with a slash.
    const { system, close, run } = await deployed(`${beginning}/`);
    const { code, out } = await run('apply', file, '--yes');
    const urls = [...out.matchAll(/JUDOSCALE_URL=(\S+)/g)].map(([, url = '']) => url);
    expect([code, urls.length]).toEqual([0, 3]);
    for (const url of urls) {
      expect(url).toMatch(/^https:\/\/reports\.example\.com\/[^/]+$/);
      const token = url.slice(beginning.length + 1);
      expect(await system.report(token, { metrics: [] })).toMatchObject({ status: 200 });
    }
    await close();
  });

  it('are printed whole by token create, for people and as JSON', async () => {
    const { close, run } = await deployed(beginning);
    await run('apply', file, '--yes');
    const made = JSON.parse((await run('token', 'create', 'web', '--json')).out);
    expect(made).toMatchObject({ service: 'web', reportUrl: `${beginning}/${made.token}` });
    const { out } = await run('token', 'create', 'api');
    expect(out).toMatch(/^JUDOSCALE_URL=https:\/\/reports\.example\.com\/sl1\.\S+$/m);
    await close();
  });

  it('begin with the origin of the admin API where that is this machine and says nothing of it', async () => {
    const { url, close, run } = await deployed();
    const { services } = JSON.parse((await run('apply', file, '--yes', '--json')).out);
    for (const service of services) expect(service.reportUrl).toMatch(new RegExp(`^${url}/sl1\\.`));
    await close();
  });
});
