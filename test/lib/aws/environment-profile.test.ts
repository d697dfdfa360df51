import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { profileCredentials } from '../../../lib/aws/environment-profile.ts';
import { defaultProvider } from '../../../lib/aws/lambda-credentials.ts';
import { deployProfile } from '../../../lib/local/stand-in/serve-roles.ts';
import { serveStandIn } from '../../../lib/local/stand-in/server.ts';
import { LOCAL_STAGE } from '../../../lib/local/stand-in/stacks.ts';
import { createStandIn } from '../../../lib/local/stand-in/stand-in.ts';
import { readTemplates } from '../../../lib/local/stand-in/templates.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { minutes, T0 } from '../../builders/times.ts';
import { seededRandom } from '../../fakes/whole-system.ts';

const clock = createVirtualClock(T0);
const standIn = createStandIn({ clock, random: seededRandom() });
const folder = mkdtempSync(join(tmpdir(), 'sluice-profile-'));
let server: Awaited<ReturnType<typeof serveStandIn>>;
let own: ReturnType<typeof deployProfile>;
let files = 0;

beforeAll(async () => {
  server = await serveStandIn(standIn, { port: 0 });
  own = deployProfile(standIn, readTemplates(resolve(import.meta.dirname, '../../..')), {
    stage: LOCAL_STAGE,
    region: 'us-east-1',
    externalId: 'their-external-id',
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => standIn.calls.clear());

/** A function's environment with its keys, and a file in a layer with one profile. */
function inFunction(name: string, settings: string) {
  const file = join(folder, `config-${++files}`);
  writeFileSync(file, `[profile ${name}]\nrole_arn = ${own.roleArn}\n${settings}\n`);
  const { accessKeyId, secretAccessKey, sessionToken } = own.keys(clock.now());
  return {
    AWS_LAMBDA_FUNCTION_NAME: 'sluice-prod-tick',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_STS: server.url,
    AWS_CONFIG_FILE: file,
    AWS_PROFILE: name,
  };
}

describe('a profile in a function', () => {
  it('is assumed with the keys of the environment, for an hour at most, and shared by all clients until it ends', async () => {
    const env = inFunction('cross', 'external_id = their-external-id\ncredential_source = Environment\nduration_seconds = 43200');
    const keys = await profileCredentials('cross', env, clock.now);
    expect(keys.expiration.getTime()).toBe(T0 + minutes(60));
    expect(await profileCredentials('cross', env, clock.now)).toBe(keys);
    expect(standIn.calls.all()).toMatchObject([
      {
        action: 'AssumeRole',
        allowed: true,
        externalId: true,
        sessionName: 'sluice.sluice.function',
        parameters: { DurationSeconds: '3600' },
      },
    ]);
    await clock.advance(minutes(56));
    const next = await profileCredentials('cross', { ...env, ...keysNow() }, clock.now);
    expect(next.accessKeyId).not.toBe(keys.accessKeyId);
    expect(standIn.identities.find(next.accessKeyId)?.caller.roleArn).toBe(own.roleArn);
  });

  it('is what the functions take their credentials from, once AWS_PROFILE is set', async () => {
    const env = inFunction('taken', 'external_id = their-external-id\ncredential_source = Environment');
    const { accessKeyId } = await defaultProvider({}, env)();
    expect(standIn.identities.find(accessKeyId)?.caller.roleArn).toBe(own.roleArn);
  });

  it('is refused by AWS under the error’s own name without the external ID, and asked for again the next time', async () => {
    const env = inFunction('refused', 'credential_source = Environment');
    await expect(profileCredentials('refused', env, clock.now)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(profileCredentials('refused', env, clock.now)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(standIn.calls.all()).toHaveLength(2);
  });

  it.each([
    ['EcsContainer, as it would be in a task', 'credential_source = EcsContainer', 'credential_source = Environment'],
    ['both sources', 'credential_source = Environment\nsource_profile = base', 'Delete source_profile'],
  ])('with %s is told with its mend, and nothing is asked', async (_, settings, mend) => {
    const env = inFunction('mistaken', settings);
    await expect(profileCredentials('mistaken', env, clock.now)).rejects.toThrow(mend);
    expect(standIn.calls.all()).toEqual([]);
  });
});

const keysNow = () => {
  const { accessKeyId, secretAccessKey, sessionToken } = own.keys(clock.now());
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
};
