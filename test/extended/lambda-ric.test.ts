import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildInto } from '../package/build-into.ts';
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

  test('a function without its table says so when it is loaded', async () => {
    const { SLUICE_TABLE: _, ...env } = database.env;
    const invoke = await start('ingest', env);
    await expect(invoke({})).rejects.toThrow(/SLUICE_TABLE is not set/);
  });
});
