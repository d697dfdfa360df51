import { describe, expect, test } from 'vitest';
import { usageBetween } from '../../../lib/stores/usage.ts';
import { functionUrlEvent, webReport } from '../../fakes/whole-system.ts';
import { createDraw } from '../draw/draw.ts';
import { inBase64, reportEvent } from '../report-event.ts';
import { freshSnapshot, systemFrom } from '../snapshot.ts';

const fresh = async () => {
  const snapshot = await freshSnapshot();
  const system = await systemFrom(snapshot);
  const token = snapshot.tokens.get('acme/web') ?? '';
  const body = () => JSON.stringify(webReport(system.clock.now(), [1, 2, 3]));
  const post = async (path: string, more: object = {}) => system.ingest({ ...reportEvent(token, body(), path), ...more });
  return { snapshot, system, token, body, post };
};

describe('guessing a token', () => {
  test('ten thousand guesses cost not one read or write once the key of the MAC is known, and each is refused', async () => {
    const { system, token } = await fresh();
    await system.ingest(reportEvent('x', '{}'));
    const before = system.table.usage();
    const draw = createDraw(1);
    const parts = token.split('.');
    for (let i = 0; i < 10_000; i++) {
      const guess = [...parts];
      const at = 1 + draw.below(5);
      guess[at] =
        at < 3 ? draw.pick(['globex', 'site', 'web', 'nobody']) : Buffer.from(draw.bytes(16)).toString(at === 3 ? 'hex' : 'base64url');
      const tried = guess.join('.');
      if (tried === token) continue;
      expect((await system.ingest(reportEvent(tried, '{"metrics":[]}'))).status).toBe(401);
    }
    const { calls } = usageBetween(before, system.table.usage());
    expect(Object.values(calls).reduce((sum, count) => sum + count, 0)).toBe(0);
  });

  test('a token of one service, cut and joined with another’s, is neither', async () => {
    const { snapshot, system } = await fresh();
    const [ours, theirs] = [snapshot.tokens.get('acme/web') ?? '', snapshot.tokens.get('globex/site') ?? ''].map((token) =>
      token.split('.'),
    );
    for (let mask = 1; mask < 63; mask++) {
      const mixed = (ours ?? []).map((part, i) => ((mask >> i) & 1 ? part : (theirs?.[i] ?? ''))).join('.');
      const whole = [...snapshot.tokens.values()].includes(mixed);
      expect((await system.ingest(reportEvent(mixed, '{"metrics":[]}'))).status, mixed).toBe(whole ? 200 : 401);
    }
  });

  test('another spelling of the same bits is another token', async () => {
    const { token, post } = await fresh();
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spelled = [...alphabet].filter((letter) => letter !== last).map((letter) => token.slice(0, -1) + letter);
    for (const other of [...spelled, `${token}=`, `${token}==`, token.replaceAll('-', '+').replaceAll('_', '/')]) {
      if (other !== token) expect((await post(`/${encodeURIComponent(other)}/v3/reports`)).status, other).toBe(401);
    }
  });

  test('neither an answer, nor a log line, nor an item shows a token, wrong or right', async () => {
    const { system, token, post } = await fresh();
    const answers = [
      await post(`/${token}/v3/reports`),
      await post(`/${token}x/v3/reports`),
      await post(`/${token}/v3/other`),
      await post(`/${token}`),
    ];
    const secret = token.split('.')[4] ?? token;
    for (const { text } of answers) expect(text).not.toContain(secret);
    expect(JSON.stringify(system.said)).not.toContain(secret);
    expect(JSON.stringify(system.table.items())).not.toContain(secret);
  });
});

describe('the token anywhere but in the path', () => {
  test.each([
    ['the query', { rawQueryString: 'TOKEN', queryStringParameters: { token: 'TOKEN' } }],
    ['Authorization', { headers: { authorization: 'Bearer TOKEN' } }],
    [
      'a header that speaks of paths',
      { headers: { 'x-original-url': '/TOKEN/v3/reports', 'x-forwarded-path': '/TOKEN/v3/reports', 'x-rewrite-url': '/TOKEN/v3/reports' } },
    ],
    ['a cookie', { cookies: ['token=TOKEN'] }],
    ['the path of the request context', { requestContext: { ...functionUrlEvent('POST', '/TOKEN/v3/reports', '', {}).requestContext } }],
  ])('%s opens nothing', async (_, more) => {
    const { system, token, body } = await fresh();
    const written = system.writes();
    const event = JSON.parse(JSON.stringify({ ...reportEvent('', body(), '/v3/reports'), ...more }).replaceAll('TOKEN', token));
    expect((await system.ingest(event)).status).toBe(404);
    expect(system.writes()).toBe(written);
  });

  test('a header that asks for another method is not listened to', async () => {
    const { system, token, body } = await fresh();
    const event = {
      ...reportEvent(token, body(), undefined, 'GET'),
      headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
    };
    expect((await system.ingest(event)).status).toBe(405);
  });
});

describe('a body that can be understood in two ways', () => {
  test('is understood by the flag of the event alone, whatever headers say of its length, encoding or type', async () => {
    const { system, token, body } = await fresh();
    const headers = {
      'content-length': '3',
      'transfer-encoding': 'chunked',
      'content-encoding': 'identity',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const text = { ...reportEvent(token, body()), headers };
    expect((await system.ingest(text)).json).toMatchObject({ accepted: 6 });
    expect((await system.ingest(inBase64(text))).json).toMatchObject({ accepted: 6 });
    expect((await system.ingest({ ...text, isBase64Encoded: true })).status).toBe(400);
    expect((await system.ingest({ ...inBase64(text), isBase64Encoded: false })).status).toBe(400);
  });

  test('two documents in one body, or the same key twice, are one refusal and one reading', async () => {
    const { system, token, body } = await fresh();
    const now = system.clock.now() / 1_000;
    expect((await system.ingest(reportEvent(token, body() + body()))).status).toBe(400);
    const twice = `{"metrics":[[${now},1,"qt",null]],"metrics":[[${now},1,"qt",null],[${now},2,"qt",null]]}`;
    expect((await system.ingest(reportEvent(token, twice))).json).toMatchObject({ accepted: 2 });
  });

  test('over 5 MB is refused by its bytes before it is parsed, in text of many bytes a letter, too', async () => {
    const { system, token } = await fresh();
    const written = system.writes();
    for (const filler of ['a'.repeat(5 * 1024 * 1024), 'é'.repeat(2.5 * 1024 * 1024 + 1), '\u{1f4a9}'.repeat(1.25 * 1024 * 1024 + 1)]) {
      expect((await system.ingest(reportEvent(token, `{"metrics":[],"x":"${filler}"}`))).status).toBe(413);
    }
    expect(system.writes()).toBe(written);
  });
});
