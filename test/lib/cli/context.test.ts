import { describe, expect, it } from 'vitest';
import { adminFor } from '../../../lib/cli/context.ts';
import { UserMistake } from '../../../lib/cli/user-mistake.ts';
import { aTerminal } from './terminal.ts';

const LAMBDA = 'https://abcdefghij0123456789.lambda-url.eu-central-1.on.aws';
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

/** The headers that a request would be sent with. */
async function sentTo(url: string, options: object = {}, env: Record<string, string> = {}): Promise<Record<string, string>> {
  const before = { fetch: globalThis.fetch, env: { ...process.env } };
  let headers: Record<string, string> = {};
  globalThis.fetch = async (_url, init) => {
    headers = { ...(init?.headers as Record<string, string>) };
    return new Response('{}');
  };
  Object.assign(process.env, keys);
  try {
    await adminFor({ url, ...options }, aTerminal(env)).client.get('/v1/services');
  } finally {
    globalThis.fetch = before.fetch;
    for (const name of Object.keys(keys)) delete process.env[name];
    Object.assign(process.env, before.env);
  }
  return headers;
}

describe('signing', () => {
  it('is done for a Lambda function URL, for its own Region and the service lambda', async () => {
    const { authorization } = await sentTo(LAMBDA);
    expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260101\/eu-central-1\/lambda\/aws4_request, /);
  });

  it('is done for a domain of one’s own where it is asked for, for the Region given', async () => {
    expect(await sentTo('https://sluice.example.com')).toEqual({});
    expect((await sentTo('https://sluice.example.com', { sign: true, signRegion: 'us-east-2' }))['authorization']).toContain(
      '/us-east-2/lambda/',
    );
    expect((await sentTo('https://sluice.example.com', { sign: true }, { AWS_REGION: 'us-west-2' }))['authorization']).toContain(
      '/us-west-2/',
    );
  });

  it.each(['http://127.0.0.1:4000/admin/x', 'http://localhost:4000', 'http://[::1]:4000'])('is never done for %s', async (url) => {
    expect(await sentTo(url, { sign: true, signRegion: 'us-east-1' })).toEqual({});
  });

  it('is refused without a Region, and in the clear', () => {
    expect(() => adminFor({ url: 'https://sluice.example.com', sign: true }, aTerminal())).toThrow(UserMistake);
    expect(() => adminFor({ url: 'http://sluice.example.com', sign: true, signRegion: 'us-east-1' }, aTerminal())).toThrow(/not https/);
  });

  it('is not talked into by a name that only looks like AWS’s', async () => {
    expect(await sentTo('https://abc.lambda-url.eu-central-1.on.aws.example.com')).toEqual({});
  });
});
