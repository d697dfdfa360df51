import { AccountClient } from '@aws-sdk/client-account';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { IAMClient } from '@aws-sdk/client-iam';
import type { Session } from './assume-role.ts';
import type { ClientOptions, CustomerClients } from './customer-clients.ts';
import { customerClients } from './customer-clients.ts';

export interface AccountClientOptions extends Omit<ClientOptions, 'endpoints'> {
  /** `others` for IAM, Account Management and Application Auto Scaling. */
  readonly endpoints?: NonNullable<ClientOptions['endpoints']> & { readonly others?: string };
}

export interface AccountClients extends CustomerClients {
  iamAs(session: Session, partition: string): IAMClient;
  accountAs(session: Session, partition: string): AccountClient;
  autoScalingAs(session: Session, region: string): ApplicationAutoScalingClient;
}

/** The clients of what belongs to an account as a whole, which scaling does not need. */
export function accountClients(options: AccountClientOptions): AccountClients {
  const clients = customerClients(options);
  const { requestHandler } = clients.sts.config;
  const { others } = options.endpoints ?? {};
  const common = {
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    userAgentAppId: 'sluice',
    requestHandler,
    ...(others === undefined ? {} : { endpoint: others }),
  } as const;
  return {
    ...clients,
    iamAs: (session, partition) => new IAMClient({ ...common, region: globalRegion(partition), credentials: session.credentials }),
    accountAs: (session, partition) => new AccountClient({ ...common, region: globalRegion(partition), credentials: session.credentials }),
    autoScalingAs: (session, region) => new ApplicationAutoScalingClient({ ...common, region, credentials: session.credentials }),
  };
}

/** A Region of the partition, from which the SDK knows the endpoint of services that have one for all Regions. */
const globalRegion = (partition: string): string =>
  partition === 'aws-cn' ? 'cn-north-1' : partition === 'aws-us-gov' ? 'us-gov-west-1' : 'us-east-1';
