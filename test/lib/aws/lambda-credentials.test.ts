import { expect, test } from 'vitest';
import { defaultProvider } from '../../../lib/aws/lambda-credentials.ts';

test("a function's credentials are those of its environment, read when they are asked for", async () => {
  const env: Record<string, string> = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
  const provider = defaultProvider({}, env);
  expect(await provider()).toEqual({ accessKeyId: 'AKIA1', secretAccessKey: 'secret', sessionToken: 'token' });
  env['AWS_ACCESS_KEY_ID'] = 'AKIA2';
  expect(await provider()).toMatchObject({ accessKeyId: 'AKIA2' });
});

test('without a session token none is sent', async () => {
  const provider = defaultProvider(undefined, { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'secret' });
  expect(await provider()).toEqual({ accessKeyId: 'AKIA1', secretAccessKey: 'secret' });
});

test('without keys the names of the variables are told', async () => {
  await expect(defaultProvider({}, {})()).rejects.toThrow('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
});
