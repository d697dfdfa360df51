import { describe, expect, test } from 'vitest';
import { unpackDigest } from '../../../lib/reports/pack-digest.ts';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import { queueReport, webReport } from '../../fakes/whole-system.ts';
import { nested } from '../draw/hostile.ts';
import { reportEvent } from '../report-event.ts';
import { prototypeChanges, scanTable } from '../scan-table.ts';
import { ACME_ONLY, freshSnapshot, livedSnapshot, OPERATOR, systemFrom } from '../snapshot.ts';
import { signedEvent } from '../system.ts';
import { checkFile, laughs } from '../targets/policy-file.ts';

const CUSTOMERS = { customers: ['acme', 'globex'], secrets: [] };

async function posted(body: string | ((now: number) => string)) {
  const snapshot = await freshSnapshot();
  const system = await systemFrom(snapshot);
  const text = typeof body === 'string' ? body : body(system.clock.now() / 1_000);
  const answer = await system.ingest(reportEvent(snapshot.tokens.get('acme/worker') ?? '', text));
  return { answer, system, snapshot };
}

async function storedQueues(body: (now: number) => string): Promise<string[]> {
  const { system, snapshot } = await posted(body);
  await system.clock.advance(12_000);
  await system.ingest(reportEvent(snapshot.tokens.get('acme/worker') ?? '', '{"metrics":[]}'));
  const reports = await createReportStore(system.table, { clock: system.clock }).since('acme', 'shop', 1, 0);
  return reports.flatMap(({ digest }) => [...(unpackDigest(digest)?.queues.keys() ?? [])]);
}

describe('prototype pollution', () => {
  test.each(['__proto__', 'constructor', 'prototype'])(
    'by %s in a report changes no object, and a queue may be called so',
    async (name) => {
      const { answer, system } = await posted(
        (now) =>
          `{"${name}":{"polluted":1,"prototype":{"polluted":1}},"metrics":[[${now},3,"qd","${name}"],[${now},1,"${name}",null]],"config":{"${name}":{"polluted":1}}}`,
      );
      expect(answer.json).toEqual({ accepted: 1, ignored: 1, dropped: {} });
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      expect(prototypeChanges()).toEqual([]);
      expect(await scanTable(system, CUSTOMERS)).toEqual([]);
    },
  );

  test('in what the admin API is sent lends nobody a customer and opens no route', async () => {
    const snapshot = await livedSnapshot();
    const system = await systemFrom(snapshot);
    const ask = (who: string, method: string, path: string, body: string, query = {}) =>
      system.admin(signedEvent(who, method, path, body, query));
    for (const key of ['__proto__', 'constructor']) {
      expect(
        (await ask(ACME_ONLY, 'POST', '/v1/mode', `{"${key}":{"customer":"acme"},"customer":"globex","service":"site","mode":"off"}`))
          .status,
      ).toBe(403);
      expect((await ask(ACME_ONLY, 'POST', '/v1/mode', `{"${key}":{"customer":"acme"},"service":"web","mode":"off"}`)).status).toBe(403);
      expect((await ask(OPERATOR, 'POST', '/v1/mode', `{"customer":"acme","service":"web","mode":"on","${key}":{"x":1}}`)).status).toBe(
        400,
      );
      expect((await ask(OPERATOR, 'GET', `/v1/${key}`, '')).status).toBe(404);
      expect((await ask(ACME_ONLY, 'GET', '/v1/services', '', JSON.parse(`{"${key}":"x"}`))).text).not.toContain('globex');
    }
    expect(prototypeChanges()).toEqual([]);
  });

  test.each(['__proto__: { mode: on }', 'constructor: { prototype: { mode: on } }', '<<: { mode: on }', '"__proto__": { min: 0 }'])(
    'in a policy file (%s) is an unknown key',
    (line) => {
      const result = checkFile(
        `services:\n  web:\n    ${line}\n    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/web\n    tasks: { min: 1, max: 2 }\n    scale: [{ utilization: { target: 70% } }]\n`,
      );
      expect(result.ok ? [] : result.problems.map(({ rule }) => rule)).toEqual(['unknown-key']);
    },
  );
});

describe('numbers', () => {
  test.each([
    ['1e308', 'TooLarge'],
    ['1e400', 'NotANumber'],
    ['-1e400', 'NotANumber'],
    [`1${'0'.repeat(400)}`, 'NotANumber'],
    ['9007199254740993', 'TooLarge'],
    ['-1', 'Negative'],
    ['-1e-300', 'Negative'],
    ['1000000001', 'TooLarge'],
    ['0.5', 'NotAnInteger'],
    ['1e-400', undefined],
    ['-0', undefined],
    ['1E3', undefined],
    ['1000000000.0', undefined],
  ])('a depth of %s is counted as it is: %s', async (number, reason) => {
    const { answer, system } = await posted((now) => `{"metrics":[[${now},${number},"qd","q"]]}`);
    expect(answer.json).toEqual(
      reason === undefined ? { accepted: 1, ignored: 0, dropped: {} } : { accepted: 0, ignored: 0, dropped: { [reason]: 1 } },
    );
    expect(await scanTable(system, CUSTOMERS)).toEqual([]);
  });

  test.each(['1e308', '-1e308', '1e400', '-0', '0', '9007199254740993', '1e21'])('a time of %s moves nothing', async (time) => {
    const { answer } = await posted(`{"metrics":[[${time},5,"qt",null]]}`);
    expect(answer.json).toMatchObject({ accepted: 0 });
  });

  test('a process id of any size is a reporter and no more', async () => {
    for (const pid of ['1e400', '-0', '9007199254740993', '1e-7', `1${'0'.repeat(400)}`]) {
      const { answer, system } = await posted(`{"pid":${pid},"container":"c","metrics":[]}`);
      expect(answer.status).toBe(200);
      expect(await scanTable(system, CUSTOMERS)).toEqual([]);
    }
  });
});

describe('names in every script', () => {
  test('queues whose names differ by as little as a combining mark or a zero-width space are different queues, kept letter for letter', async () => {
    const names = [
      'e\u0301',
      '\u00e9',
      'default',
      'default\u200b',
      '\ufeffdefault',
      'a\u0000b',
      '\u202etluafed',
      'Default',
      '\u{1f4a9}',
      ' default',
    ];
    const stored = await storedQueues((now) => JSON.stringify({ metrics: names.map((name, i) => [now, i, 'qd', name]) }));
    expect(new Set(stored)).toEqual(new Set(names));
  });

  test('a lone surrogate, which UTF-8 cannot hold, is no name', async () => {
    for (const name of ['\\ud800', 'a\\udc00b', '\\udc00\\ud800']) {
      const { answer } = await posted((now) => `{"metrics":[[${now},1,"qd","${name}"]]}`);
      expect(answer.json).toEqual({ accepted: 0, ignored: 0, dropped: { BadQueueName: 1 } });
    }
  });

  test.each(['Acme', 'acme\u200b', 'ａcme', 'acme\u0000', 'ac\u0301me', 'acme#t', '~operator', 'acme ', ''])(
    'the admin API takes no such name of a customer: %j',
    async (customer) => {
      const system = await systemFrom(await freshSnapshot());
      const before = system.table.items().length;
      expect(
        (await system.admin(signedEvent(OPERATOR, 'POST', '/v1/accounts', JSON.stringify({ customer, accountId: '999988887777' })))).status,
      ).toBe(400);
      expect(system.table.items()).toHaveLength(before);
    },
  );
});

describe('depth', () => {
  /** The report is level 1, its key `x` holds the rest. */
  const deep = (levels: number, maps: boolean) => JSON.stringify({ metrics: [], x: nested(levels - 1, maps) });
  test.each([true, false])('32 levels are taken and 33 are not (maps: %s)', async (maps) => {
    expect((await posted(deep(32, maps))).answer.status).toBe(200);
    expect((await posted(deep(33, maps))).answer.json).toMatchObject({ code: 'TooDeep' });
  });

  test('a million levels exhaust no stack, in a report or in the admin API', async () => {
    const levels = 1_000_000;
    const body = `{"metrics":[],"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect((await posted(body)).answer.status).toBe(400);
    const system = await systemFrom(await freshSnapshot());
    for (const path of ['/v1/apply', '/v1/mode', '/v1/pause', '/v1/accounts', '/v1/override'])
      expect((await system.admin(signedEvent(OPERATOR, 'POST', path, body))).status, path).toBe(400);
  });

  test.each([3, 9, 30, 100])('%i levels of names for lists of names are refused, and not written out', (levels) => {
    const result = checkFile(laughs(levels));
    expect(result.ok).toBe(false);
  });
});

describe('replays', () => {
  test('a report delivered twenty times, late and among others, is one report', async () => {
    const snapshot = await freshSnapshot();
    const system = await systemFrom(snapshot);
    const token = snapshot.tokens.get('acme/worker') ?? '';
    const first = reportEvent(
      token,
      JSON.stringify({
        ...queueReport(system.clock.now(), { default: { qd: 3 } }),
        metrics: webReport(system.clock.now(), [1, 2, 3]).metrics,
      }),
    );
    for (let times = 0; times < 20; times++) {
      expect((await system.ingest(first)).status).toBe(200);
      await system.clock.advance(3_000);
      await system.ingest(reportEvent(token, JSON.stringify(webReport(system.clock.now(), [times], { container: 'other' }))));
    }
    await system.clock.advance(12_000);
    await system.ingest(reportEvent(token, '{"metrics":[]}'));
    const reports = await createReportStore(system.table, { clock: system.clock }).since('acme', 'shop', 1, 0);
    const samples = reports
      .flatMap(({ digest }) => unpackDigest(digest)?.web ?? [])
      .reduce((sum, { queueTime }) => sum + queueTime.count, 0);
    expect(samples).toBe(3 + 20);
  });
});
