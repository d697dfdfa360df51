import { callsOf } from '../calls.ts';
import { githubAllows, githubRefuses, githubTrust } from '../github-trust.ts';
import type { Purpose } from '../purpose.ts';
import { bucketArn, ownBucket } from '../scope.ts';
import { stateAllows, stateRefuses, stateStatements } from './terraform-state.ts';

const OF = 'terragrunt';
/** Terragrunt before --backend-bootstrap; refused, it ends with "AccessDenied" and nothing more. */
const COMPARES =
  'Versions that look after the bucket by themselves ask at each run, and change nothing where it is as it should be; disable_bucket_update = true spares it.';

/** What Terragrunt asks beside the state: whether the bucket is as it should be, and who is asking. */
export const TERRAGRUNT: Purpose = {
  name: 'terragrunt',
  says: 'what terraform-state has, and what Terragrunt asks beside it: whether the bucket is as it should be, and as whom it runs',
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
          sid: 'SeeBucket',
          actions: {
            's3:GetBucketVersioning': 'Terragrunt looks whether the bucket keeps versions, and warns where it does not.',
            's3:GetEncryptionConfiguration': `Whether it encrypts what it stores. ${COMPARES}`,
            's3:GetBucketPolicy': `Whether it asks for TLS and lets the account's root in. ${COMPARES}`,
            's3:GetBucketPublicAccessBlock': `Whether the public is shut out. ${COMPARES}`,
          },
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
    ...['s3:GetEncryptionConfiguration', 's3:GetBucketPolicy', 's3:GetBucketPublicAccessBlock'].map((action) =>
      callsOf(OF)('look whether the bucket is as it should be', action, bucketArn(scope), { 's3:ResourceAccount': scope.account }),
    ),
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
