import { describe, expect, it } from 'vitest';
import { awsEndpoints, isLoopback } from '../../../lib/local/aws-endpoints.ts';
import { shieldEnvironment } from '../../../lib/local/shield-environment.ts';

describe('the endpoints of a local run', () => {
  it('are our own where the environment names none', () => {
    expect(awsEndpoints({}, false)).toEqual({ ok: true, endpoints: {} });
  });

  it('are those for the service, before the one for all', () => {
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000/', AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000' };
    expect(awsEndpoints(env, false)).toEqual({
      ok: true,
      endpoints: {
        ...Object.fromEntries(['ecs', 'sts', 'sqs', 'cloudwatch'].map((service) => [service, 'http://127.0.0.1:5000'])),
        dynamodb: 'http://localhost:8000',
      },
    });
  });

  it('are ignored where the SDK would ignore them', () => {
    expect(awsEndpoints({ AWS_ENDPOINT_URL: 'https://example.com', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, false)).toEqual({
      ok: true,
      endpoints: {},
    });
  });

  it.each([
    'https://ecs.us-east-1.amazonaws.com',
    'http://192.168.1.2:5000',
    'http://127.0.0.1.example.com',
    'http://[2001:db8::1]',
    'http://0.0.0.0:1',
  ])('are refused when they leave this machine: %s', (url) => {
    const both = { AWS_ENDPOINT_URL_ECS: url, AWS_ENDPOINT_URL_STS: url };
    expect(awsEndpoints(both, false)).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('--allow-remote'), expect.any(String)],
    });
    expect(awsEndpoints(both, true)).toMatchObject({ ok: true });
  });

  it('are refused one without the other, as are texts that are no URL, all at once', () => {
    expect(awsEndpoints({ AWS_ENDPOINT_URL_ECS: 'http://127.0.0.1:1' }, false)).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('both or neither')],
    });
    expect(awsEndpoints({ AWS_ENDPOINT_URL_ECS: 'nonsense', AWS_ENDPOINT_URL_STS: 'ftp://127.0.0.1' }, false)).toMatchObject({
      ok: false,
      problems: [
        'AWS_ENDPOINT_URL_ECS is "nonsense": a URL such as http://127.0.0.1:5000 is needed',
        expect.stringContaining('http:// or https://'),
      ],
    });
  });

  it.each(['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1', '[::ffff:7f00:1]'])('%s is this machine', (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each(['localhost.example.com', '128.0.0.1', '[::2]', '10.0.0.1', 'example'])('%s is another', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});

describe('the shielded environment', () => {
  it('holds no setting of AWS any more, and points the SDK at no file and no metadata server', () => {
    const env: Record<string, string | undefined> = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_PROFILE: 'prod', aws_region: 'x', HOME: '/home/me' };
    shieldEnvironment(env);
    expect(env).toMatchObject({
      HOME: '/home/me',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'aws_region']) expect(env).not.toHaveProperty(name);
  });
});
