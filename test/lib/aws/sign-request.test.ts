import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRequestSigner } from '../../../lib/aws/sign-request.ts';
import { createAdminClient } from '../../../lib/cli/admin-client.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: 'session' };
const AT = Date.UTC(2026, 0, 1, 12);
const hex = (data: string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** What a function URL with IAM does before it lets a request through: works the signature out for itself, from the request as it came. */
function verified(request: IncomingMessage, body: string): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/lambda\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, key, day = '', region = '', names = '', signature] = form.exec(request.headers.authorization ?? '') ?? [];
  if (key !== credentials.accessKeyId || !names.split(';').includes('host')) return false;
  if (request.headers['x-amz-security-token'] !== credentials.sessionToken || request.headers['x-amz-content-sha256'] !== hex(body))
    return false;
  const url = new URL(request.url ?? '/', 'http://host');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const headers = names
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim()}\n`)
    .join('');
  const canonical = [request.method, url.pathname, query, headers, names, hex(body)].join('\n');
  const time = String(request.headers['x-amz-date']);
  const toSign = ['AWS4-HMAC-SHA256', time, `${day}/${region}/lambda/aws4_request`, hex(canonical)].join('\n');
  const signing = hmac(hmac(hmac(hmac(`AWS4${credentials.secretAccessKey}`, day), region), 'lambda'), 'aws4_request');
  return signature === hmac(signing, toSign).toString('hex') && time.startsWith(day);
}

let url = '';
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const right = verified(request, body);
  response
    .writeHead(right ? 200 : 403, { 'content-type': 'application/json' })
    .end(JSON.stringify(right ? { ok: true } : { Message: 'Forbidden' }));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterAll(() => void server.close());

const signer = (over: object = {}) =>
  createRequestSigner({ region: 'eu-central-1', credentials: { ...credentials, ...over }, now: () => AT });

describe('requests to a function URL that asks for IAM', () => {
  it.each<[string, (client: ReturnType<typeof createAdminClient>) => Promise<unknown>]>([
    ['a query', (client) => client.get('/v1/decisions', { customer: 'acme', service: 'web', since: '1767268800000' })],
    ['a query of characters that have to be escaped', (client) => client.get('/v1/x', { a: 'ä b/c=d&e' })],
    ['no query', (client) => client.get('/v1/services')],
    ['a body', (client) => client.post('/v1/mode', { customer: 'acme', mode: 'on', why: 'für alle' })],
  ])('with %s are signed as AWS works it out', async (_what, ask) => {
    expect(await ask(createAdminClient(url, signer()))).toEqual({ ok: true });
  });

  it('by other keys, or not at all, are told as refused, with what to do', async () => {
    const wrong = createAdminClient(url, signer({ secretAccessKey: 'another' }));
    await expect(wrong.get('/v1/services')).rejects.toThrow(/lambda:InvokeFunctionUrl/);
    await expect(createAdminClient(url).get('/v1/services')).rejects.toThrow(/signed requests/);
  });

  it('without any credentials fail with where they are looked for', async () => {
    const none = createRequestSigner({ region: 'eu-central-1', credentials: () => Promise.reject(new Error('no keys')), now: () => AT });
    await expect(createAdminClient(url, none).get('/v1/services')).rejects.toThrow(/could not be signed: no keys.*AWS_PROFILE/);
  });
});
