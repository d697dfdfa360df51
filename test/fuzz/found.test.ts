import type { DynamoDBRecord, LambdaFunctionURLEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { parseControl } from '../../lib/stores/control-item.ts';
import { queueReport, webReport } from '../fakes/whole-system.ts';
import { reportEvent } from './report-event.ts';
import { freshSnapshot, livedSnapshot, OPERATOR, systemFrom } from './snapshot.ts';
import { signedEvent } from './system.ts';

/** What fuzzing found and was mended: each as the smallest case of it. */
describe('what fuzzing found', () => {
  test.each(['#', 'acme#t', '~operator', 'arn:aws:iam::000000000000:role/a#b', `arn:${'a'.repeat(3_000)}`, 'arn:a\u0000', 'arn:ä'])(
    'a caller whom IAM could not name (%j) is refused, where looking for its limits failed with 503',
    async (who) => {
      const system = await systemFrom(await freshSnapshot());
      expect((await system.admin(signedEvent(who, 'GET', '/v1/services', ''))).status).toBe(403);
    },
  );

  test.each([
    ['null', null],
    ['without anything', {}],
    ['with a path that is a number', { rawPath: 1, requestContext: { http: { method: 'POST' } } }],
    ['without a method', { rawPath: '/x/v3/reports', requestContext: {} }],
    [
      'with a body that is a list',
      { rawPath: '/x/v3/reports', requestContext: { http: { method: 'POST' } }, body: [], isBase64Encoded: 1 },
    ],
    ['with a query that is text', { rawPath: '/', queryStringParameters: 'a=b' }],
  ])('an event %s is answered as a request that leads nowhere, where it was a 503', async (_, event) => {
    const system = await systemFrom(await freshSnapshot());
    expect([401, 404, 405]).toContain((await system.ingest(event as LambdaFunctionURLEvent)).status);
    expect((await system.admin(event as LambdaFunctionURLEvent)).status).toBe(403);
    expect(system.warnings).toEqual([]);
  });

  test('an object with a length that is none, in place of text, is a bad request or an item that cannot be read, where it was a 503', async () => {
    const strange = { length: { toString: false } };
    const snapshot = await livedSnapshot();
    const system = await systemFrom(snapshot);
    const asked = async (path: string, body: unknown) =>
      (await system.admin(signedEvent(OPERATOR, 'POST', path, JSON.stringify(body)))).status;
    expect(await asked('/v1/principals', { arn: strange, customer: 101 })).toBe(400);
    expect(await asked('/v1/apply', { services: [{ customer: strange, name: strange }] })).toBe(400);
    await system.table.put({
      pk: 'acme#g#shop',
      sk: 'config#web',
      schema: 1,
      policy: { customer: strange, name: strange, group: strange },
    });
    const { status, text } = await system.admin(signedEvent(OPERATOR, 'GET', '/v1/services', ''));
    expect([status, text.includes('worker')]).toEqual([200, true]);
  });

  test('a group whose name makes a key too long is left out of lists, where the operator could list nobody', async () => {
    const snapshot = await livedSnapshot();
    const system = await systemFrom(snapshot);
    await system.table.put({ pk: 'acme#dir', sk: 'worker', schema: 1, g: 'a'.repeat(1_945) });
    const { status, text } = await system.admin(signedEvent(OPERATOR, 'GET', '/v1/services', ''));
    expect([status, text.includes('site'), text.includes('"web"')]).toEqual([200, true, true]);
  });

  test.each([2 ** 31, 1e15])('what discovery stored in %d parts is written anew, where it ran out of memory', async (parts) => {
    const system = await systemFrom(await livedSnapshot());
    const key = { pk: 'acme#d', sk: 'region#111122223333#us-east-1#0000' };
    await system.table.put({ ...key, schema: 1, at: 1, parts, complete: true, rivals: true, services: [], expires: 1 });
    await system.discover();
    expect((await system.table.get(key, { consistent: true }))?.['parts']).toBe(1);
  });

  test('a group with two thousand million shards is one that cannot be read, where its reports were looked for in each', async () => {
    const snapshot = await livedSnapshot();
    const system = await systemFrom(snapshot);
    await system.table.put({ pk: 'acme#g#shop', sk: 'config', schema: 1, shards: 2 ** 31 });
    const report = (service: string) =>
      system.ingest(reportEvent(snapshot.tokens.get(service) ?? '', JSON.stringify(webReport(system.clock.now(), [900, 900]))));
    expect((await report('acme/web')).status).toBe(503);
    expect((await report('globex/site')).status).toBe(200);
  });

  test.each([null, {}, { Records: 1 }, { Records: [null, 1, 'x', {}] }])(
    'a stream event that is none (%j) is an empty batch',
    async (event) => {
      const system = await systemFrom(await freshSnapshot());
      expect(await system.scale(event as { Records: DynamoDBRecord[] })).toEqual({ batchItemFailures: [] });
    },
  );

  test('a stream record with a set, which Sluice never writes, is left out, where it came back until it expired and held up the records behind it', async () => {
    const snapshot = await freshSnapshot();
    const system = await systemFrom(snapshot);
    const body = JSON.stringify(webReport(system.clock.now(), [900, 900, 900]));
    await system.tick();
    await system.ingest(reportEvent(snapshot.tokens.get('globex/site') ?? '', body));
    const good = system.stream.splice(0);
    expect(good.length).toBeGreaterThan(0);
    const [first] = good;
    const bad: DynamoDBRecord = {
      ...first,
      dynamodb: { ...first?.dynamodb, SequenceNumber: '1', Keys: {}, NewImage: { ...first?.dynamodb?.NewImage, act: { SS: ['x'] } } },
    };
    expect(await system.scale({ Records: [bad, ...good] })).toEqual({ batchItemFailures: [] });
    expect(system.said.some((line) => line.startsWith('outcome') && line.includes('"applied"'))).toBe(true);
  });

  test.each(['~operator', '#', 'acme#t', ''])(
    'functions that are handed a part of the work with a name that no key may hold (%j) go on with the rest',
    async (customer) => {
      const system = await systemFrom(await freshSnapshot());
      await system.tick({ watches: [{ customer, accountId: '111122223333', region: 'us-east-1', cluster: 'acme' }] });
      await system.collect({ groups: [{ customer, group: 'shop' }] });
      await system.discover({ discover: { customer, accountId: '111122223333' } });
      expect(system.warnings).toEqual([]);
    },
  );

  test.each([
    ['a customer', { pk: '~operator#customers', sk: 'acme#' }],
    ['a service in a directory', { pk: 'acme#dir', sk: 'a#b', g: 'shop' }],
    ['the customer of a role', { pk: '~role', sk: 'arn:aws:iam::111122223333:role/x', customer: '~x', account: '111122223333' }],
  ])(
    'an item that names %s as nobody may be named is told and left out of lists of all, where it kept everybody’s from being shown',
    async (_, item) => {
      const snapshot = await livedSnapshot();
      const system = await systemFrom(snapshot, [...snapshot.items, { schema: 1, ...item }]);
      for (const path of ['/v1/services', '/v1/status', '/v1/discovered', '/v1/configs']) {
        const { status, text } = await system.admin(signedEvent(OPERATOR, 'GET', path, ''));
        expect([path, status, text.includes('site')]).toEqual([path, 200, true]);
      }
    },
  );

  test.each([
    { pk: '~x#w', sk: '111122223333#us-east-1#acme', due_shard: 'due#0' },
    { pk: 'acme#w', sk: '~1#us-east-1#acme', due_shard: 'due#0' },
    { pk: '~x#m', sk: 'shop', due_shard: 'collect#0' },
    { pk: 'acme#m', sk: '~x', due_shard: 'collect#0' },
  ])(
    'an entry of the index of what is due that names what no key may hold (%j) stops neither tick nor collect for the others',
    async (item) => {
      const snapshot = await livedSnapshot();
      const system = await systemFrom(snapshot, [...snapshot.items, { schema: 1, due_at: 1, ...item }]);
      await system.clock.advance(60_000);
      const looked = system.aws.calls.length;
      await system.tick();
      await system.collect();
      expect(system.aws.calls.slice(looked).filter(({ action }) => action === 'ecs:DescribeServices')).toHaveLength(2);
      expect(system.warnings.some((line) => line.includes('could not be read'))).toBe(true);
    },
  );

  test.each(['', '~x', 'a#b'])(
    'a policy that is stored under one name and says another (%j) is told and left out, where its whole group and every list failed',
    async (name) => {
      const snapshot = await livedSnapshot();
      const items = snapshot.items.map((item) =>
        item.pk === 'acme#g#shop' && item.sk === 'config#web' ? { ...item, policy: { ...(item.policy as object), name } } : item,
      );
      const system = await systemFrom(snapshot, items);
      const body = JSON.stringify(queueReport(system.clock.now(), { default: { qt: 90_000 } }));
      expect((await system.ingest(reportEvent(snapshot.tokens.get('acme/worker') ?? '', body))).status).toBe(200);
      const { status, text } = await system.admin(signedEvent(OPERATOR, 'GET', '/v1/services', ''));
      expect([status, text.includes('worker'), text.includes('site')]).toEqual([200, true, true]);
    },
  );

  test.each([1e125, 0.5, -1])(
    'a decision that is dated %d is unreadable, where it was acted upon and filed under a key that is no time',
    async (at) => {
      const snapshot = await livedSnapshot();
      const system = await systemFrom(snapshot);
      const control = snapshot.items.find(({ pk, sk }) => pk === 'acme#g#shop' && sk === 'control#web');
      const dec = { ...(control?.dec as object), a: at };
      expect(() => parseControl({ pk: 'acme#g#shop', sk: 'control#web', ...control, dec })).toThrow('dec.a');
      expect(system.warnings).toEqual([]);
    },
  );

  test('a pause that cannot be read shows as a pause of its own service, where it took the status of every service away', async () => {
    const snapshot = await livedSnapshot();
    const pause = {
      pk: 'acme#g#shop',
      sk: 'pause#worker',
      schema: 1,
      in: true,
      out: false,
      why: 'a look',
      at: 0,
      until: new Uint8Array([27]),
    };
    const system = await systemFrom(snapshot, [...snapshot.items.filter(({ sk }) => sk !== 'pause#worker'), pause]);
    const { status, text } = await system.admin(signedEvent(OPERATOR, 'GET', '/v1/status', ''));
    expect(status).toBe(200);
    const paused = new Map(
      (JSON.parse(text) as { services: { name: string; paused: unknown }[] }).services.map((each) => [each.name, each.paused]),
    );
    expect(paused.get('worker')).toMatchObject({ in: true, out: true, why: expect.stringContaining('cannot be read') });
    expect(paused.get('site')).toBeNull();
  });
});
