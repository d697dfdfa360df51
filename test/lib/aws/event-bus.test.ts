import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createEventBus } from '../../../lib/aws/event-bus.ts';
import type { NoticeEvent } from '../../../lib/telemetry/notice.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session',
};
const event: NoticeEvent = { Source: 'sluice', DetailType: 'Sluice Trouble', Time: 1_795_000_000, Detail: '{"text":"größer"}' };

let server: Server | undefined;
afterEach(() => new Promise((done) => (server ? server.close(done) : done(undefined))));

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function bus(status: number, answer: string) {
  const seen: Seen[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer);
    });
  });
  const port = await new Promise<number>((listening) =>
    server?.listen(0, '127.0.0.1', () => {
      const address = server?.address();
      listening(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
  const made = createEventBus({
    name: 'default',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: async () => credentials,
  });
  return { put: () => made.put([event], new AbortController().signal), seen };
}

/** AWS's signature, version 4, worked out anew from what arrived: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ headers, body }: Seen): string {
  const [, scope = '', signedHeaders = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=/.exec(headers.authorization ?? '') ?? [];
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const canonical = [
    'POST',
    '/',
    '',
    ...signedHeaders.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    signedHeaders,
    sha(body),
  ].join('\n');
  const [date = '', region = '', service = ''] = scope.split('/');
  const key = [region, service, 'aws4_request'].reduce<Buffer>(
    (made, part) => hmac(made, part),
    hmac(`AWS4${credentials.secretAccessKey}`, date),
  );
  return createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n'))
    .digest('hex');
}

describe('the event bus', () => {
  test('puts events by one request of PutEvents, signed as AWS checks it', async () => {
    const { put, seen } = await bus(200, '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}');
    await put();
    const [request] = seen;
    if (!request) throw new Error('nothing arrived');
    expect(request.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
    expect(request.headers['x-amz-security-token']).toBe('session');
    expect(JSON.parse(request.body)).toEqual({ Entries: [{ ...event, EventBusName: 'default' }] });
    expect(request.headers.authorization).toMatch(/\/eu-central-1\/events\/aws4_request,/);
    expect(request.headers.authorization?.split('Signature=')[1]).toBe(signatureOf(request));
  });

  test('says which failure it was', async () => {
    const { put } = await bus(400, '{"__type":"AccessDeniedException","message":"not yours"}');
    await expect(put()).rejects.toMatchObject({ kind: 'denied', action: 'events:PutEvents', message: '400 AccessDeniedException' });
  });

  test('an entry that was not taken is a failure though the answer is 200', async () => {
    const { put } = await bus(200, '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException"}]}');
    await expect(put()).rejects.toThrow('1 of 1 events were not taken: ThrottlingException');
  });

  test('an answer that is no JSON is a failure in words', async () => {
    const { put } = await bus(502, '<html>');
    await expect(put()).rejects.toThrow('502 an answer that is not JSON');
  });
});
