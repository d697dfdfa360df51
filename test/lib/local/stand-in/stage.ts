import { fileURLToPath } from 'node:url';
import { ECSClient } from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createRequestHandler } from '../../../../lib/local/stand-in/request-handler.ts';
import { connectCustomer, deployOperator, functionCredentials } from '../../../../lib/local/stand-in/stacks.ts';
import { createStandIn } from '../../../../lib/local/stand-in/stand-in.ts';
import { readTemplates } from '../../../../lib/local/stand-in/templates.ts';
import type { Random } from '../../../../lib/random.ts';
import { createVirtualClock } from '../../../../lib/virtual-clock.ts';

export const T0 = Date.UTC(2026, 0, 5, 9);
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const EXTERNAL_ID = `sluice-${'0123456789abcdef'.repeat(2)}`;
export const OTHER_EXTERNAL_ID = `sluice-${'fedcba9876543210'.repeat(2)}`;
export const WEB = `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/web`;
export const WORKER = `arn:aws:ecs:us-east-1:${ACCOUNT}:service/shop/worker`;
export const FOREIGN = `arn:aws:ecs:us-east-1:${OTHER_ACCOUNT}:service/shop/web`;
export const templates = readTemplates(fileURLToPath(new URL('.', import.meta.url)));

export function seededRandom(seed = 1): Random {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}

/** A deployed operator and two connected customers, whose services are asked for; SDK clients run inside the process. */
export function setStage(options: { readonly taskStartMs?: number } = {}) {
  const clock = createVirtualClock(T0);
  const standIn = createStandIn({ clock, random: seededRandom(), ...options });
  deployOperator(standIn, templates, { stage: 'local', region: 'us-east-1' });
  for (const arn of [WEB, WORKER, FOREIGN]) standIn.services.ensure(arn, 2);
  const role = connectCustomer(standIn, templates, { accountId: ACCOUNT, externalId: EXTERNAL_ID, stage: 'local', serviceArns: [WEB] });
  const otherRole = connectCustomer(standIn, templates, {
    accountId: OTHER_ACCOUNT,
    externalId: OTHER_EXTERNAL_ID,
    stage: 'local',
    serviceArns: [FOREIGN],
  });
  const keysOf = (roleId: string) => functionCredentials(standIn, { roleId, functionName: `sluice-local-${roleId}`, now: clock.now() });
  const requestHandler = createRequestHandler(standIn);
  const common = { region: 'us-east-1', endpoint: 'http://127.0.0.1:1', requestHandler, maxAttempts: 1 };
  const stsAs = (credentials: Keys, region = 'us-east-1') => new STSClient({ ...common, region, credentials });
  const ecsAs = (credentials: Keys, region = 'us-east-1') => new ECSClient({ ...common, region, credentials });
  const assume = async (input: Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]> = {}, roleId = 'ScaleRole') => {
    const command = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'sluice-local-d1', ExternalId: EXTERNAL_ID, ...input });
    const { Credentials } = await stsAs(keysOf(roleId)).send(command);
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
  };
  return { clock, standIn, role, otherRole, keysOf, stsAs, ecsAs, assume };
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
