import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectedAccount } from '../../../lib/accounts/account.ts';
import { createCustomerAws } from '../../../lib/aws/customer-aws.ts';
import { ownCredentials } from '../../../lib/aws/own-credentials.ts';
import type { CredentialSource } from '../../../lib/credentials/credential-source.ts';
import { serveContainerCredentials } from '../../../lib/local/stand-in/container-credentials.ts';
import { createOidcIssuer } from '../../../lib/local/stand-in/oidc-issuer.ts';
import { createRequestHandler } from '../../../lib/local/stand-in/request-handler.ts';
import { deployContainer, deployIrsa, deployProfile, SERVICE_ACCOUNT } from '../../../lib/local/stand-in/serve-roles.ts';
import { connectCustomer, LOCAL_STAGE } from '../../../lib/local/stand-in/stacks.ts';
import { createStandIn } from '../../../lib/local/stand-in/stand-in.ts';
import { readTemplates } from '../../../lib/local/stand-in/templates.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { minutes, T0 } from '../../builders/times.ts';
import { seededRandom } from '../../fakes/whole-system.ts';

const templates = readTemplates(resolve(import.meta.dirname, '../../..'));
const where = { stage: LOCAL_STAGE, region: 'us-east-1' };
const issuer = createOidcIssuer();
const ARN = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';

let folder = '';
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** A stand-in with one customer's service, and Sluice's clients over it without sockets, under a virtual clock. */
function world() {
  const clock = createVirtualClock(T0);
  const standIn = createStandIn({ clock, random: seededRandom() });
  standIn.services.ensure(ARN, 2);
  const externalId = 'sluice-0123456789abcdef0123456789abcdef';
  const roleArn = connectCustomer(standIn, templates, { accountId: '111122223333', externalId, stage: LOCAL_STAGE, serviceArns: [ARN] });
  const requestHandler = createRequestHandler(standIn, { clock, timeoutMs: 2_000 });
  const troubles: string[] = [];
  const as = (source: CredentialSource) => {
    const common = { clock, region: where.region, requestHandler } as const;
    const credentials = ownCredentials({ ...common, source, sessionName: 'sluice.test.serve', onTrouble: (why) => troubles.push(why) });
    return { credentials, aws: createCustomerAws({ ...common, credentials, deployment: 'test', wait: clock.sleep }) };
  };
  const account: ConnectedAccount = {
    customer: 'acme',
    accountId: '111122223333',
    externalId,
    roleArn,
  };
  const sent = () => standIn.calls.all().map(({ action, allowed }) => `${action}${allowed ? '' : ' refused'}`);
  return { clock, standIn, as, account, sent, troubles };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-credentials-'));
  // Nothing of this machine: what a test wants, it sets.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('a pod with web identity (IRSA)', () => {
  const token = (now: number, sub = SERVICE_ACCOUNT, aud?: string) =>
    issuer.token({ sub, issuedAt: now, expiresAt: now + minutes(60), ...(aud === undefined ? {} : { aud }) });

  it('goes from its token to AssumeRoleWithWebIdentity, AssumeRole with the external ID, and UpdateService, in exactly this order', async () => {
    const { clock, standIn, as, account, sent } = world();
    const tokenFile = file('token', token(clock.now()));
    const { aws } = as({ kind: 'web-identity', roleArn: deployIrsa(standIn, templates, issuer, where), tokenFile });
    const writer = await aws.writer(account, ARN, '01d');
    expect((await writer.describe())?.desired).toBe(2);
    await writer.setDesiredCount(5);
    expect(sent()).toEqual(['AssumeRoleWithWebIdentity', 'AssumeRole', 'DescribeServices', 'UpdateService']);
    const [web, assumed, , update] = standIn.calls.all();
    expect(web).toMatchObject({ account: '000000000000', sessionName: 'sluice.test.serve', externalId: false });
    expect(assumed).toMatchObject({ account: '111122223333', externalId: true, parameters: { DurationSeconds: '900' } });
    expect(update?.parameters).toEqual({ cluster: 'prod', service: 'web', desiredCount: 5 });
    expect(JSON.stringify(standIn.calls.all())).not.toContain(account.externalId);
    expect(JSON.stringify(web)).not.toMatch(/WebIdentityToken|eyJ/);
  });

  it('lives through hours of rotated tokens: every session is renewed before it ends, and none lasts longer than chaining allows', async () => {
    const { clock, standIn, as, account, sent } = world();
    const tokenFile = file('token', token(clock.now()));
    const { aws } = as({ kind: 'web-identity', roleArn: deployIrsa(standIn, templates, issuer, where), tokenFile });
    for (let minute = 0; minute <= 200; minute += 5) {
      // The kubelet replaces a token when 80 % of its time are over.
      if (minute > 0 && minute % 48 < 5) file('token', token(clock.now()));
      const reader = await aws.reader(account, 'eu-west-1', [ARN]);
      expect((await reader.describe('prod', ['web'])).found[0]?.desired).toBe(minute === 0 ? 2 : minute <= 100 ? 3 : 4);
      if (minute === 0 || minute === 100) await (await aws.writer(account, ARN, `d${minute}`)).setDesiredCount(minute === 0 ? 3 : 4);
      await clock.advance(minutes(5));
    }
    expect(sent().filter((call) => call.endsWith('refused'))).toEqual([]);
    // An hour each, renewed five minutes before its end.
    expect(sent().filter((call) => call === 'AssumeRoleWithWebIdentity')).toHaveLength(4);
    const asked = standIn.calls.all().filter(({ action }) => action === 'AssumeRole');
    expect(asked.length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...asked.map(({ parameters }) => Number(parameters.DurationSeconds)))).toBeLessThanOrEqual(3_600);
    expect(sent().filter((call) => call === 'UpdateService')).toHaveLength(2);
  });

  it('uses what it has until its end where the token is not renewed, says so, and then stops with the reason', async () => {
    const { clock, standIn, as, account, troubles } = world();
    const tokenFile = file('token', token(clock.now()));
    const { aws } = as({ kind: 'web-identity', roleArn: deployIrsa(standIn, templates, issuer, where), tokenFile });
    await aws.writer(account, ARN, 'd1');
    // The first keys end with the token; the attempt at minute 55 still has a good one.
    await clock.advance(minutes(58));
    await aws.writer(account, ARN, 'd2');
    await clock.advance(minutes(56));
    await aws.writer(account, ARN, 'd3');
    expect(troubles.join()).toContain('Token expired');
    await clock.advance(minutes(10));
    await expect(aws.writer(account, ARN, 'd4')).rejects.toMatchObject({
      kind: 'expired',
      message: expect.stringContaining('Token expired'),
    });
    // … and goes on by itself as soon as there is a good one.
    file('token', token(clock.now()));
    await expect(aws.writer(account, ARN, 'd5')).resolves.toBeDefined();
  });

  it.each([
    ['of another service account', (now: number) => token(now, 'system:serviceaccount:default:default'), 'AccessDenied'],
    ['for another audience', (now: number) => token(now, SERVICE_ACCOUNT, 'vault'), 'Incorrect token audience'],
    [
      'of a cluster that is no provider',
      (now: number) =>
        createOidcIssuer('https://oidc.example/id/OTHER').token({ sub: SERVICE_ACCOUNT, issuedAt: now, expiresAt: now + minutes(60) }),
      'No OpenIDConnect provider',
    ],
    [
      'signed by somebody else',
      (now: number) => createOidcIssuer(issuer.url).token({ sub: SERVICE_ACCOUNT, issuedAt: now, expiresAt: now + minutes(60) }),
      'signature',
    ],
    ['that has ended', (now: number) => token(now - minutes(61)), 'Token expired'],
  ])('is refused with a token %s', async (_, made, why) => {
    const { clock, standIn, as, sent } = world();
    const tokenFile = file('token', made(clock.now()));
    const { credentials } = as({ kind: 'web-identity', roleArn: deployIrsa(standIn, templates, issuer, where), tokenFile });
    await expect(credentials()).rejects.toThrow(why === 'AccessDenied' ? 'Not authorized' : why);
    expect(sent()).toEqual(['AssumeRoleWithWebIdentity refused']);
  });
});

describe('a container with an agent that gives it credentials', () => {
  it('has them from the endpoint with the token of the file as it is now (Pod Identity), and anew before they end', async () => {
    const { clock, standIn, as, account } = world();
    let expected = 'token-1';
    const endpoint = await serveContainerCredentials({
      keys: deployContainer(standIn, templates, 'pod-identity', where),
      now: clock.now,
      token: () => expected,
    });
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint.url);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', file('pod-token', expected));
    const { aws } = as({ kind: 'container', url: endpoint.url });
    await (await aws.writer(account, ARN, 'd1')).setDesiredCount(3);
    expected = 'token-2';
    file('pod-token', expected);
    await clock.advance(minutes(90));
    await (await aws.writer(account, ARN, 'd2')).setDesiredCount(4);
    expect(endpoint.asked()).toBe(2);
    await endpoint.close();
  });

  it('assumes the role of its profile from them: AWS_PROFILE, role_arn, external_id, credential_source = EcsContainer', async () => {
    const { clock, standIn, as, account, sent } = world();
    const { roleArn, keys } = deployProfile(standIn, templates, { ...where, externalId: 'their-external-id' });
    const endpoint = await serveContainerCredentials({ keys, now: clock.now });
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint.url);
    vi.stubEnv('AWS_PROFILE', 'crossAccount');
    const profile = `[crossAccount]\nrole_arn = ${roleArn}\nexternal_id = their-external-id\nduration_seconds = 43200\ncredential_source = EcsContainer\n`;
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file('credentials', profile));
    const { aws } = as({ kind: 'profile', profile: 'crossAccount', roleArn });
    await (await aws.writer(account, ARN, 'd1')).setDesiredCount(3);
    expect(sent()).toEqual(['AssumeRole', 'AssumeRole', 'UpdateService']);
    const [own, theirs] = standIn.calls.all();
    // Twelve hours were asked for, and chaining gives one.
    expect(own).toMatchObject({
      account: '000000000000',
      sessionName: 'sluice.test.serve',
      externalId: true,
      parameters: { DurationSeconds: '3600' },
    });
    expect(theirs).toMatchObject({ account: '111122223333', externalId: true });
    await clock.advance(minutes(130));
    await (await aws.writer(account, ARN, 'd2')).setDesiredCount(4);
    await endpoint.close();
  });

  it('is refused by the role of the profile without the external ID, and does not fall back to the task’s own role', async () => {
    const { clock, standIn, as } = world();
    const { roleArn, keys } = deployProfile(standIn, templates, { ...where, externalId: 'their-external-id' });
    const endpoint = await serveContainerCredentials({ keys, now: clock.now });
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint.url);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file('credentials', `[p]\nrole_arn = ${roleArn}\ncredential_source = EcsContainer\n`));
    await expect(as({ kind: 'profile', profile: 'p', roleArn }).credentials()).rejects.toThrow(
      'is not authorized to perform: sts:AssumeRole',
    );
    // A profile that the SDK cannot make sense of: its chain would go on to the container's own keys.
    vi.stubEnv(
      'AWS_SHARED_CREDENTIALS_FILE',
      file('both', `[p]\nrole_arn = ${roleArn}\ncredential_source = EcsContainer\nsource_profile = q\n`),
    );
    await expect(as({ kind: 'profile', profile: 'p', roleArn }).credentials()).rejects.toThrow('was not assumed');
    await endpoint.close();
  });
});
