import { ECSClient } from '@aws-sdk/client-ecs';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import { STSClient } from '@aws-sdk/client-sts';
import type { Session } from './assume-role.ts';

export type Credentials = NonNullable<STSClientConfig['credentials']>;

export interface ClientOptions {
  /** Our own Region: its STS gives sessions that are good in every Region, opt-in ones included. */
  readonly region: string;
  /** Absent: the SDK's default, which in a function is its own role. */
  readonly credentials?: Credentials;
  /** Absent: AWS's own, or what the SDK's environment variables say. */
  readonly endpoints?: { readonly sts?: string; readonly ecs?: string };
  readonly timeoutMs: number;
  /** How servers are reached; default: the SDK's own. For calls that never leave the process, as under a virtual clock. */
  readonly requestHandler?: NonNullable<STSClientConfig['requestHandler']>;
}

export interface CustomerClients {
  /** As ourselves. */
  readonly sts: STSClient;
  stsAs(session: Session): STSClient;
  ecsAs(session: Session, region: string): ECSClient;
}

/** The SDK's clients, set up alike: one attempt each, since aws-call.ts decides what is sent again. */
export function customerClients({ region, credentials, endpoints, timeoutMs, ...options }: ClientOptions): CustomerClients {
  // Given here, these are not looked for in files.
  const common = { maxAttempts: 1, retryMode: 'standard', defaultsMode: 'standard', userAgentAppId: 'sluice' } as const;
  const atSts = { ...common, region, ...(endpoints?.sts === undefined ? {} : { endpoint: endpoints.sts }) };
  const atEcs = { ...common, ...(endpoints?.ecs === undefined ? {} : { endpoint: endpoints.ecs }) };
  const sts = new STSClient({
    ...atSts,
    requestHandler: options.requestHandler ?? { connectionTimeout: timeoutMs },
    ...(credentials === undefined ? {} : { credentials }),
  });
  // One pool of connections: a session's client comes and goes, the sockets stay.
  const { requestHandler } = sts.config;
  return {
    sts,
    stsAs: (session) => new STSClient({ ...atSts, requestHandler, credentials: session.credentials }),
    ecsAs: (session, serviceRegion) => new ECSClient({ ...atEcs, region: serviceRegion, requestHandler, credentials: session.credentials }),
  };
}
