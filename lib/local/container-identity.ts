import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { serveContainerCredentials } from './stand-in/container-credentials.ts';
import { createOidcIssuer } from './stand-in/oidc-issuer.ts';
import { type ContainerKeys, deployContainer, deployIrsa, deployProfile, SERVICE_ACCOUNT } from './stand-in/serve-roles.ts';
import { LOCAL_STAGE } from './stand-in/stacks.ts';
import type { StandIn } from './stand-in/stand-in.ts';
import type { Templates } from './stand-in/templates.ts';

/** Where a container pretends to run, and so who it is to AWS. */
export const CONTAINER_PLACES = ['eks', 'eks-pod-identity', 'ecs', 'ecs-profile'] as const;
export type ContainerPlace = (typeof CONTAINER_PLACES)[number];

export interface ContainerIdentity {
  /** What the orchestrator sets in the container. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const REGION = 'us-east-1';
const TOKEN_MS = 10 * 60_000;
/** Short, so that a run shows it. */
const ROTATE_MS = 20_000;
const PROFILE = 'crossAccount';
const EXTERNAL_ID = 'example-external-id-of-the-profile';

/**
 * Installs the roles of a container in the stand-in and gives it what a cluster would: a service account's token, or an endpoint
 * for credentials, and a profile. Tokens are rotated. `folder` is for files of this run.
 */
export async function containerIdentity(
  place: ContainerPlace,
  {
    standIn,
    templates,
    clock,
    folder,
  }: { readonly standIn: StandIn; readonly templates: Templates; readonly clock: Clock; readonly folder: string },
): Promise<ContainerIdentity> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const where = { stage: LOCAL_STAGE, region: REGION };
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };

  if (place === 'eks') {
    const issuer = createOidcIssuer();
    const roleArn = deployIrsa(standIn, templates, issuer, where);
    const fresh = () => {
      const now = clock.now();
      return write('token', issuer.token({ sub: SERVICE_ACCOUNT, issuedAt: now, expiresAt: now + TOKEN_MS }));
    };
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: fresh() };
    return { env, close: rotating(clock, fresh) };
  }

  const serve = async (keys: (now: number) => ContainerKeys, token?: () => string) => {
    const endpoint = await serveContainerCredentials({ keys, now: clock.now, ...(token === undefined ? {} : { token }) });
    return { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.url }, close: () => endpoint.close() };
  };
  if (place === 'eks-pod-identity') {
    let token = '';
    const fresh = () => {
      token = `pod-token-${clock.now()}`;
      return write('pod-identity-token', token);
    };
    const tokenFile = fresh();
    const endpoint = await serve(deployContainer(standIn, templates, 'pod-identity', where), () => token);
    const stop = rotating(clock, fresh);
    const env = { ...endpoint.env, KUBERNETES_SERVICE_HOST: '127.0.0.1', AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile };
    return { env, close: async () => void (await Promise.all([stop(), endpoint.close()])) };
  }

  const inTask = { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' };
  if (place === 'ecs') {
    const { env, close } = await serve(deployContainer(standIn, templates, 'ecs', where));
    return { env: { ...env, ...inTask }, close };
  }
  const { roleArn, keys } = deployProfile(standIn, templates, { ...where, externalId: EXTERNAL_ID });
  const { env, close } = await serve(keys);
  const file = `[${PROFILE}]\nrole_arn = ${roleArn}\nexternal_id = ${EXTERNAL_ID}\ncredential_source = EcsContainer\n`;
  return { env: { ...env, ...inTask, AWS_PROFILE: PROFILE, AWS_SHARED_CREDENTIALS_FILE: write('credentials', file) }, close };
}

function rotating(clock: Clock, rotate: () => void): () => Promise<void> {
  const ending = new AbortController();
  const going = (async () => {
    while (!ending.signal.aborted) {
      await clock.sleep(ROTATE_MS, ending.signal);
      if (!ending.signal.aborted) rotate();
    }
  })();
  return () => {
    ending.abort();
    return going;
  };
}
