import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildInto } from '../package/build-into.ts';
import { eventsOfFile } from './event-of-file.ts';
import { exampleRole, putExample } from './example-data.ts';
import { functionUrlEvent } from './function-url-event.ts';
import { type FunctionProcess, startFunction } from './lambda-ric.ts';
import { type LocalDatabase, startLocalDatabase } from './local-database.ts';
import { type Answer, type RuntimeApi, startRuntimeApi } from './runtime-api.ts';
import { stop } from './serve.ts';

const ric = process.env['SLUICE_RIC_DIR'];

describe.skipIf(ric === undefined)("bundled functions under Lambda's own runtime client", () => {
  let dist = '';
  let database: LocalDatabase;
  const started: { readonly api: RuntimeApi; readonly running: FunctionProcess }[] = [];

  beforeAll(async () => {
    dist = await mkdtemp(join(tmpdir(), 'sluice-ric-'));
    await buildInto(dist);
    database = await startLocalDatabase('sluice-dev');
  });
  afterEach(async () => {
    for (const { api, running } of started.splice(0)) {
      await stop(running.process);
      await api.close();
    }
  });
  afterAll(async () => {
    await database?.close();
    await rm(dist, { recursive: true, force: true });
  });

  /** A function in a process of its own; gives what hands it events. */
  async function start(name: string, env: Readonly<Record<string, string>> = database.env): Promise<(event: unknown) => Promise<Answer>> {
    const api = await startRuntimeApi(`arn:aws:lambda:us-east-1:000000000000:function:sluice-dev-${name}`);
    const running = startFunction(ric ?? '', dist, name, api.address, env);
    started.push({ api, running });
    return (event) =>
      Promise.race([api.invoke(event, 15_000), running.ended]).catch((error: Error) => {
        throw new Error(`${error.message}\n${running.output()}`);
      });
  }

  /** Status and body of an answer to a function URL's event. */
  function httpAnswer(answer: Answer): { readonly status: unknown; readonly body: unknown } {
    expect(answer).toEqual({
      kind: 'response',
      payload: expect.objectContaining({ statusCode: expect.any(Number), body: expect.any(String) }),
    });
    const { statusCode, body } = Object(answer.kind === 'response' ? answer.payload : undefined);
    return { status: statusCode, body: JSON.parse(body) };
  }

  test('ingest refuses a token that it does not know', async () => {
    const invoke = await start('ingest');
    const answer = await invoke(functionUrlEvent('POST', '/not-a-token/v3/reports', { metrics: [] }));
    expect(httpAnswer(answer)).toEqual({ status: 401, body: expect.objectContaining({ code: 'UnknownToken' }) });
  });

  test('admin makes an external ID, and the same one for the same account when asked again in another process', async () => {
    const ask = functionUrlEvent('POST', '/v1/accounts', { customer: 'acme', accountId: '111122223333' });
    const first = httpAnswer(await (await start('admin'))(ask));
    const second = httpAnswer(await (await start('admin'))(ask));
    expect(first).toMatchObject({
      status: 200,
      body: { accountId: '111122223333', externalId: expect.stringMatching(/^sluice-[0-9a-f]{32}$/) },
    });
    expect(second).toEqual(first);
  });

  test('admin answers one event after the other in one process', async () => {
    const invoke = await start('admin');
    expect(httpAnswer(await invoke(functionUrlEvent('GET', '/v1/services')))).toEqual({ status: 200, body: { services: [] } });
    expect(httpAnswer(await invoke(functionUrlEvent('GET', '/v1/nothing'))).status).toBe(404);
  });

  test('tick finds nothing due in an empty table', async () => {
    const invoke = await start('tick');
    expect((await invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} })).kind).toBe('response');
  });

  test('scale has no failures to report of a batch without decisions', async () => {
    const invoke = await start('scale');
    expect(await invoke({ Records: [] })).toEqual({ kind: 'response', payload: { batchItemFailures: [] } });
  });

  test('scale takes a record of the stream as it is, and leaves a decision that is long over alone', async () => {
    const invoke = await start('scale');
    const event: unknown = JSON.parse(await readFile(resolve(import.meta.dirname, '../../events/stream/decision.json'), 'utf8'));
    expect(await invoke(event)).toEqual({ kind: 'response', payload: { batchItemFailures: [] } });
    expect(started[0]?.running.output()).toMatch(/"outcome":"expired"/);
  });

  describe('each file of events/', () => {
    const events = resolve(import.meta.dirname, '../../events');
    const files = readdirSync(events, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .sort();
    /** What a function asked of AWS: form of STS, or JSON of Lambda. */
    const asked: { readonly path: string; readonly body: string }[] = [];
    // A stand-in that lets nobody in: what a function makes of that is what is looked at.
    const aws = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      asked.push({ path: request.url ?? '', body });
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end(
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message></Error><RequestId>1</RequestId></ErrorResponse>',
      );
    });
    let env: Readonly<Record<string, string>> = {};
    let token = '';
    beforeAll(async () => {
      await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
      const address = aws.address();
      env = { ...database.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}` };
      token = await putExample(env, { connected: true });
    });
    afterAll(() => void aws.close());

    const assumes = () => asked.filter(({ body }) => body.includes('Action=AssumeRole') && body.includes(encodeURIComponent(exampleRole)));
    const nothing = (answers: readonly unknown[]) => expect(answers).toEqual([{ kind: 'response', payload: null }]);
    const bodies = (answers: readonly Answer[]) => answers.map((answer) => httpAnswer(answer));
    const refusedTrust = (answers: readonly Answer[], output: string) => {
      nothing(answers);
      expect(assumes().length).toBeGreaterThan(0);
      expect(assumes().filter(({ body }) => body.includes('ExternalId=sluice-0123456789abcdef')).length).toBeGreaterThan(0);
      expect(output).toMatch(/AccessDenied|RoleMissing/);
    };

    /** What each function does with each file, beyond ending well. */
    const expected: Readonly<
      Record<string, readonly (readonly [name: string, check: (answers: readonly Answer[], output: string) => void])[]>
    > = {
      'function-url/prepare-account.json': [
        [
          'admin',
          (a) => expect(bodies(a)).toMatchObject([{ status: 200, body: { externalId: expect.stringMatching(/^sluice-[0-9a-f]{32}$/) } }]),
        ],
      ],
      'function-url/report-with-unknown-token.json': [
        ['ingest', (a) => expect(bodies(a)).toMatchObject([{ status: 401, body: { code: 'UnknownToken' } }])],
      ],
      'function-url/report-through-own-domain.json': [
        ['ingest', (a) => expect(bodies(a)).toMatchObject([{ status: 401, body: { code: 'UnknownToken' } }])],
      ],
      'schedule/every-minute.json': [
        ['tick', refusedTrust],
        ['collect', refusedTrust],
      ],
      'schedule/every-hour.json': [['discover', refusedTrust]],
      'stream/decision.json': [
        [
          'scale',
          (a, output) => {
            expect(a).toEqual([{ kind: 'response', payload: { batchItemFailures: [] } }]);
            expect(output).toMatch(/"outcome":"expired"/);
            expect(asked).toEqual([]);
          },
        ],
      ],
    };
    /** Samples that are taken of each report of an adapter; the rest is dropped by reason or not known. */
    const accepted = (answers: readonly Answer[]) => {
      for (const { status, body } of bodies(answers)) {
        expect({ status, body }).toMatchObject({ status: 200, body: { accepted: expect.any(Number), dropped: expect.any(Object) } });
      }
      return bodies(answers).reduce((sum, { body }) => sum + Number(Object(body).accepted), 0);
    };

    test.each(files)('%s', { timeout: 60_000 }, async (file) => {
      const content: unknown = JSON.parse(await readFile(join(events, file), 'utf8'));
      const cases = file.startsWith('reports/')
        ? ([['ingest', (a: readonly Answer[]) => expect(accepted(a)).toBeGreaterThan(file.includes('idle') ? -1 : 0)]] as const)
        : expected[file];
      expect(cases, 'is expected to do something').toBeDefined();
      for (const [name, check] of cases ?? []) {
        asked.length = 0;
        const invoke = await start(name, env);
        const answers: Answer[] = [];
        for (const event of eventsOfFile(content, token, Date.now())) answers.push(await invoke(event));
        check(answers, started.at(-1)?.running.output() ?? '');
      }
    });
  });

  test('a function without its table says so when it is loaded', async () => {
    const { SLUICE_TABLE: _, ...env } = database.env;
    const invoke = await start('ingest', env);
    await expect(invoke({})).rejects.toThrow(/SLUICE_TABLE is not set/);
  });
});
