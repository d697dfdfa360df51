import { callsOf } from '../calls.ts';
import { githubAllows, githubRefuses, githubTrust } from '../github-trust.ts';
import type { Purpose } from '../purpose.ts';
import { bucketArn, ownBucket } from '../scope.ts';
import { stateAllows, stateRefuses, stateStatements } from './terraform-state.ts';

const OF = 'terragrunt';

/** What Terragrunt asks beside the state: whether the bucket is as it should be, and who is asking. */
export const TERRAGRUNT: Purpose = {
  name: 'terragrunt',
  says: 'what terraform-state has, and what Terragrunt asks beside it: whether the bucket keeps versions, and as whom it runs',
  needs: ['bucket'],
  takes: ['table', 'lockFile', 'key', 'githubRepository', 'githubEnvironment'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-terragrunt',
      says: 'Reads and writes Terraform state in one bucket, and locks it, by Terragrunt.',
      ...githubTrust(scope),
      statements: [
        ...stateStatements(scope),
        {
          sid: 'SeeVersioning',
          actions: { 's3:GetBucketVersioning': 'Terragrunt looks whether the bucket keeps versions, and warns where it does not.' },
          resources: [bucketArn(scope)],
          conditions: ownBucket(scope),
        },
        {
          sid: 'WhoAmI',
          actions: {
            'sts:GetCallerIdentity':
              'get_aws_account_id() and get_aws_caller_identity_arn() in terragrunt.hcl. AWS answers it without this, too; it stands here so that the list is whole.',
          },
          resources: ['*'],
          wide: 'IAM has no resource for it: it tells callers who they are, and nothing else.',
        },
      ],
    },
  ],
  allows: (scope) => [
    ...githubAllows(OF, scope),
    ...stateAllows(OF, scope),
    callsOf(OF)('look whether versions are kept', 's3:GetBucketVersioning', bucketArn(scope), { 's3:ResourceAccount': scope.account }),
    callsOf(OF)('ask who it is', 'sts:GetCallerIdentity', '*'),
  ],
  refuses: (scope) => [
    ...githubRefuses(OF, scope),
    ...stateRefuses(OF, scope),
    callsOf(OF)('change encryption of the bucket', 's3:PutEncryptionConfiguration', bucketArn(scope), {
      's3:ResourceAccount': scope.account,
    }),
    callsOf(OF)('let the public in', 's3:PutBucketPublicAccessBlock', bucketArn(scope), { 's3:ResourceAccount': scope.account }),
    callsOf(OF)('look into the account', 'iam:GetUser', '*'),
  ],
};
