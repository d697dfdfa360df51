import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../lib/cli/program.ts';
import { announce, runningFolder } from '../../../lib/local/running-file.ts';
import { aTerminal } from './terminal.ts';

const at = Date.UTC(2026, 0, 1, 12);
const service = (over: object = {}) => ({
  customer: 'acme',
  name: 'web',
  group: 'shop',
  arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web',
  mode: 'on',
  min: 2,
  max: 9,
  desired: 3,
  running: 2,
  pending: 1,
  seenAt: at,
  lastDecision: { kind: 'scale', code: 'AboveTarget', why: 'Scaling web from 2 to 3.', at },
  lastOutcome: { outcome: 'applied', why: 'Changed.', at },
  problem: null,
  ...over,
});
const trail = [{ rule: 'range', code: 'AboveTarget', why: 'p95 is over', value: 3 }];
const decision = (over: object = {}) => ({
  id: 'd-1',
  kind: 'scale',
  at,
  lastAt: at,
  times: 1,
  from: 2,
  to: 3,
  code: 'AboveTarget',
  why: 'Scaling web from 2 to 3.',
  trail,
  ...over,
});

/** An admin API of canned answers, which keeps what it was asked. */
let api: Server;
let url = '';
let services: object[] = [service()];
let resumed: object = { resumed: 'service web of acme', in: true, out: true };
const asked: { method: string; path: string; body: unknown }[] = [];
const answers: Record<string, (body: unknown) => { status: number; body: unknown }> = {
  'GET /v1/services': () => ({ status: 200, body: { services } }),
  'GET /v1/discovered': () => ({ status: 200, body: { accounts: [], more: 0 } }),
  'GET /v1/configs': () => ({ status: 200, body: { services: [] } }),
  'GET /v1/decisions': () => ({
    status: 200,
    body: {
      decisions: [
        { decision: decision({ id: 'd-2', kind: 'hold', to: 2, times: 4, why: 'Holding.' }) },
        { decision: decision(), outcome: { outcome: 'applied', at, desiredCount: 3, why: 'Changed.' } },
      ],
    },
  }),
  'POST /v1/pause': () => ({ status: 200, body: { paused: 'service web of acme', in: true, out: true, until: null } }),
  'POST /v1/resume': () => ({ status: 200, body: resumed }),
  'POST /v1/apply': () => ({
    status: 200,
    body: {
      services: [
        { customer: 'acme', name: 'web', arn: 'a', mode: 'on', token: 'sl1.t' },
        { customer: 'acme', name: 'jobs', arn: 'b', mode: 'on', problem: { code: 'DaemonService', why: 'It is a DAEMON.' } },
      ],
    },
  }),
};
const read = async (request: IncomingMessage) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body === '' ? undefined : JSON.parse(body);
};

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  api = createServer(async (request, response) => {
    const body = await read(request);
    const path = request.url ?? '';
    asked.push({ method: request.method ?? '', path, body });
    const answer = answers[`${request.method} ${path.split('?')[0]?.replace('/admin/s3', '')}`]?.(body) ?? {
      status: 404,
      body: { why: 'There is no such route.' },
    };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const address = api.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/admin/s3`;
});
afterEach(() => {
  asked.length = 0;
  services = [service()];
});
afterAll(() => {
  api.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = { SLUICE_URL: url, XDG_RUNTIME_DIR: folder },
) {
  const terminal = aTerminal({ XDG_RUNTIME_DIR: folder, ...env });
  return { code: await runCommandLine(args, '1.2.3', terminal), out: terminal.out(), err: terminal.err() };
}

describe('sluice services', () => {
  it('lists what is under care as a table, or as one JSON document with ISO times', async () => {
    const text = await run(['services']);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toContain('acme      web      on    2/3      2..9      Scaling web from 2 to 3.');
    const json = await run(['services', '--json']);
    expect(JSON.parse(json.out).services[0]).toMatchObject({
      name: 'web',
      seenAt: '2026-01-01T12:00:00.000Z',
      lastDecision: { at: '2026-01-01T12:00:00.000Z' },
    });
  });

  it('shows a problem before the last decision', async () => {
    services = [service({ problem: { code: 'DaemonService', why: 'It is a DAEMON.' }, running: null })];
    expect((await run(['services'])).out).toContain('?/3      2..9      DaemonService: It is a DAEMON.');
  });
});

describe('sluice decisions', () => {
  it('shows the newest last, each with its outcome and, if asked, with what every rule said', async () => {
    const { out } = await run(['decisions', 'web', '--trail', '--since', '1h']);
    expect(out.indexOf('Scaling web')).toBeLessThan(out.indexOf('Holding.'));
    for (const part of ['applied: Changed.', 'range: p95 is over → 3', '4 times']) expect(out).toContain(part);
    expect(asked.at(-1)?.path).toContain(`since=${Date.UTC(2026, 0, 1) - 3_600_000}`);
  });

  it('asks for the customer where several have a service of the name, and takes customer/name', async () => {
    services = [service(), service({ customer: 'umbrella' })];
    expect(await run(['decisions', 'web'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('acme/web or umbrella/web') });
    services = [service({ customer: 'umbrella' })];
    expect((await run(['decisions', 'umbrella/web', '--json'])).code).toBe(0);
    expect(asked.at(-1)?.path).toContain('customer=umbrella');
  });

  it('names the services that there are when there is none of the name', async () => {
    expect(await run(['decisions', 'wbe'])).toMatchObject({ code: 2, err: expect.stringContaining('There are: web.') });
  });
});

describe('sluice pause and resume', () => {
  it('pause one direction for a while, with the reason', async () => {
    const { code, out } = await run(['pause', 'web', '--in', '--for', '10m', '--why', 'sale']);
    expect(code).toBe(0);
    expect(out).toBe('Paused scaling in of web until 2026-01-01T00:10:00.000Z.\n');
    expect(asked.at(-1)).toMatchObject({
      path: '/admin/s3/v1/pause',
      body: { customer: 'acme', service: 'web', in: true, forMs: 600_000, why: 'sale' },
    });
  });

  it('resume says which wider pause goes on, and where there was none', async () => {
    const sale = { paused: 'customer acme', in: false, out: true, why: 'sale' };
    resumed = { resumed: 'service web of acme', in: true, out: true, wasPaused: true, stillPaused: [sale] };
    expect(await run(['resume', 'web'])).toMatchObject({
      code: 0,
      out: 'Resumed scaling of web.\n',
      err: expect.stringContaining('Scaling out stays paused with customer acme: sale.\n'),
    });
    resumed = { ...resumed, wasPaused: false, stillPaused: [] };
    expect((await run(['resume', 'web', '--in'])).out).toBe('There was no pause of scaling in of web.\n');
  });

  it('pause a customer, or everything, only when it is said so', async () => {
    await run(['pause', '--customer', 'acme']);
    expect(asked.at(-1)?.body).toEqual({ customer: 'acme' });
    await run(['resume', '--all']);
    expect(asked.at(-1)).toMatchObject({ path: '/admin/s3/v1/resume', body: { all: true } });
    expect(await run(['pause'])).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
    expect(await run(['pause', 'web', '--all'])).toMatchObject({ code: 2 });
  });
});

describe('sluice apply', () => {
  const file = () => {
    const path = join(folder, 'sluice.yml');
    writeFileSync(
      path,
      'customer: acme\nservices:\n  web:\n    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/web\n    tasks: { min: 2, max: 9 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n',
    );
    return path;
  };

  it('applies what a file says, in mode on where Sluice runs locally, and prints the report URL once', async () => {
    const { code, out } = await run(['apply', file()]);
    expect(asked.at(-1)?.body).toMatchObject({ services: [{ customer: 'acme', name: 'web', mode: 'on', min: 2, max: 9 }] });
    expect(out).toContain(`JUDOSCALE_URL=${new URL(url).origin}/sl1.t`);
    expect(out).toContain('jobs: refused, DaemonService: It is a DAEMON.');
    expect(code).toBe(1);
  });

  it('takes files by -f as well, and shows what changes on stderr first', async () => {
    const { out, err } = await run(['apply', '-f', file(), '--json']);
    expect(err).toContain('+ web: new');
    expect(err).toMatch(/tasks\.max +9/);
    expect(JSON.parse(out).services).toHaveLength(2);
  });

  it('asks where somebody sits before the terminal, and applies nothing without a yes', async () => {
    const questions: string[] = [];
    const terminal = { ...aTerminal({ SLUICE_URL: url }), ask: async (question: string) => `${questions.push(question) > 1 ? 'y' : ''}` };
    expect(await runCommandLine(['apply', file()], '1.2.3', terminal)).toBe(1);
    expect(asked.map(({ path }) => path)).not.toContain('/admin/s3/v1/apply');
    await runCommandLine(['apply', file()], '1.2.3', terminal);
    expect(asked.at(-1)?.path).toBe('/admin/s3/v1/apply');
    asked.length = 0;
    await runCommandLine(['apply', file(), '--yes'], '1.2.3', terminal);
    expect(asked.at(-1)?.path).toBe('/admin/s3/v1/apply');
    expect(questions).toHaveLength(2);
  });

  it('applies nothing of a file with mistakes', async () => {
    const path = join(folder, 'bad.yml');
    writeFileSync(path, 'services: {}\n');
    expect(await run(['apply', file(), path])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('bad.yml:1:') });
    expect(asked).toEqual([]);
  });
});

describe('the command line', () => {
  it.each([
    [['dev', '--port', '70000'], '65535'],
    [['dev', '--for', 'soon'], '30s'],
    [['dev', '--bogus'], '--bogus'],
    [['servces'], 'services'],
    [['decisions'], 'service'],
    [['services', '--url', 'nonsense'], '--url'],
    [['decisions', 'web', '--limit', '0'], '1000'],
  ])('exits with 2 for the mistake in %j and says what would be right', async (args, said) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(said) });
  });

  it('prints help and version on stdout with 0', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('dev'), err: '' });
    expect(await run(['dev', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--allow-remote') });
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
  });

  it('finds a local run of this user by itself and says so on stderr', async () => {
    const remove = announce(runningFolder({ XDG_RUNTIME_DIR: folder }), {
      admin: url,
      pid: process.pid,
      startedAt: '2026-01-01T00:00:00.000Z',
    });
    const found = await run(['services', '--json'], {});
    remove();
    expect(found).toMatchObject({ code: 0, err: expect.stringContaining('local run') });
    expect(found.err).not.toContain('s3');
    expect(await run(['services'], {})).toMatchObject({ code: 2, out: '', err: expect.stringContaining('sluice dev') });
  });

  it('exits with 1 when the API does not answer, answers with an error, or in a form that it does not know', async () => {
    expect(await run(['services', '--url', 'http://127.0.0.1:9'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('could not be reached'),
    });
    expect(await run(['services', '--url', `${new URL(url).origin}/else`])).toMatchObject({ code: 1, err: expect.stringContaining('404') });
    services = [{ name: 3 }];
    expect(await run(['services'])).toMatchObject({ code: 1, err: expect.stringContaining('services.0') });
  });
});
