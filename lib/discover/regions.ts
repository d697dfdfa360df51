/**
 * The Regions that an account has without asking for them, for when it does not tell its own: AWS Account Management reference
 * guide, "Enable or disable Regions" (those made before 20 March 2019), and all of the other two partitions.
 */
const ALWAYS_ENABLED: Readonly<Record<string, readonly string[]>> = {
  aws: [
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ca-central-1',
    'eu-central-1',
    'eu-north-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** Regions to look in when the account does not say which it has: those that all accounts have, and those where services are under care. */
export function fallBackRegions(partition: string, underCare: readonly string[]): string[] {
  return [...new Set([...(ALWAYS_ENABLED[partition] ?? []), ...underCare])].sort();
}
