import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/local/function-url-event.ts';
import { exceedsInvocationLimit, functionUrlEvent, INVOCATION_LIMIT_BYTES } from '../../../lib/local/function-url-event.ts';

const meta = { requestId: 'r-1', at: Date.UTC(2026, 2, 9, 7, 5, 3), domainName: 'local.test' };
const aRequest = (over: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  target: '/token/v3/reports',
  rawHeaders: ['Content-Type', 'application/json'],
  body: Buffer.from('{"a":"ü"}'),
  sourceIp: '127.0.0.1',
  ...over,
});

describe('functionUrlEvent', () => {
  it('passes JSON on as text, with the request context of payload format 2.0', () => {
    const event = functionUrlEvent(aRequest(), meta);
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/token/v3/reports',
      rawQueryString: '',
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
    expect(event.requestContext).toMatchObject({
      requestId: 'r-1',
      time: '09/Mar/2026:07:05:03 +0000',
      timeEpoch: meta.at,
      http: { method: 'POST' },
    });
  });

  it('keeps a double slash and an escaped path as they were sent', () => {
    expect(functionUrlEvent(aRequest({ target: '//v3/reports' }), meta).rawPath).toBe('//v3/reports');
    expect(functionUrlEvent(aRequest({ target: '/t//v3/%2Freports?x=1' }), meta).rawPath).toBe('/t//v3/%2Freports');
  });

  it.each([
    ['no content type', []],
    ['a form', ['content-type', 'application/x-www-form-urlencoded']],
    ['a compressed body', ['content-type', 'application/json', 'content-encoding', 'gzip']],
  ])('passes a body with %s on as base64', (_name, rawHeaders) => {
    const event = functionUrlEvent(aRequest({ rawHeaders }), meta);
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body ?? '', 'base64').toString()).toBe('{"a":"ü"}');
  });

  it('writes header names in lower case, joins repeated ones, and takes cookies apart', () => {
    const event = functionUrlEvent(aRequest({ rawHeaders: ['X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b=2'] }), meta);
    expect(event.headers).toEqual({ 'x-a': '1,2' });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
  });

  it('decodes the query and joins repeated parameters', () => {
    const event = functionUrlEvent(aRequest({ target: '/x?a=1&b=x%20y&a=2&bad=%zz' }), meta);
    expect(event.rawQueryString).toBe('a=1&b=x%20y&a=2&bad=%zz');
    expect(event.queryStringParameters).toEqual({ a: '1,2', b: 'x y', bad: '%zz' });
  });

  it('has no body where none was sent', () => {
    expect(functionUrlEvent(aRequest({ method: 'GET', body: Buffer.alloc(0) }), meta)).not.toHaveProperty('body');
  });
});

describe('exceedsInvocationLimit', () => {
  const eventOf = (body: string, type = 'application/json') =>
    functionUrlEvent(aRequest({ body: Buffer.from(body), rawHeaders: ['content-type', type] }), meta);

  it('lets a report of 5 MB through, and one that JSON escapes to more than 6 MB not', () => {
    const sample = '[1795304292,4,"at",null],';
    expect(exceedsInvocationLimit(eventOf(sample.repeat(5_000_000 / sample.length)))).toBe(false);
    expect(exceedsInvocationLimit(eventOf('"'.repeat(INVOCATION_LIMIT_BYTES / 2)))).toBe(true);
  });

  it('counts base64 where the body is no text', () => {
    expect(exceedsInvocationLimit(eventOf('x'.repeat(5_000_000), 'application/octet-stream'))).toBe(true);
  });
});
