import { describe, expect, it } from 'vitest';
import { functionFailed, functionUrlResponse } from '../../../lib/local/function-url-response.ts';

describe('functionUrlResponse', () => {
  it('sends a structured response as it is', () => {
    const response = functionUrlResponse({
      statusCode: 401,
      headers: { 'Content-Type': 'text/plain', 'x-n': 1 },
      cookies: ['a=1'],
      body: 'no',
    });
    expect(response).toEqual({
      status: 401,
      headers: { 'content-type': 'text/plain', 'x-n': '1' },
      cookies: ['a=1'],
      body: Buffer.from('no'),
    });
  });

  it('decodes a body that is said to be base64', () => {
    expect(functionUrlResponse({ statusCode: 200, body: 'aGk=', isBase64Encoded: true }).body.toString()).toBe('hi');
  });

  it('takes anything without a status code for the JSON body of a 200', () => {
    expect(functionUrlResponse({ accepted: 1 })).toMatchObject({ status: 200, body: Buffer.from('{"accepted":1}') });
    expect(functionUrlResponse(undefined)).toMatchObject({ status: 200, body: Buffer.from('null') });
  });

  it.each([[{ statusCode: 'ok' }], [{ statusCode: 99 }], [{ statusCode: 200, body: { a: 1 } }]])(
    'answers 502 for %j, which is no response',
    (result) => {
      expect(functionUrlResponse(result)).toBe(functionFailed);
    },
  );
});
