import { callsOf, escalations } from '../calls.ts';
import { githubAllows, githubRefuses, githubTrust } from '../github-trust.ts';
import type { Call, Conditions, PolicyStatement, Purpose } from '../purpose.ts';
import { bucketArn, elsewhere, ownBucket, type Scope, tableArn } from '../scope.ts';

const OF = 'terraform-state';

/** Reading and writing state in a bucket, with its lock. */
export const TERRAFORM_STATE: Purpose = {
  name: 'terraform-state',
  says: "read and write Terraform's state in the bucket named, and lock it in the DynamoDB table named; makes neither",
  needs: ['bucket'],
  takes: ['table', 'lockFile', 'key', 'githubRepository', 'githubEnvironment'],
  grants: (scope) => [
    {
      name: OF,
      called: 'sluice-terraform-state',
      says: 'Reads and writes Terraform state in one bucket, and locks it.',
      ...githubTrust(scope),
      statements: stateStatements(scope),
    },
  ],
  allows: (scope) => [...githubAllows(OF, scope), ...stateAllows(OF, scope)],
  refuses: (scope) => [...githubRefuses(OF, scope), ...stateRefuses(OF, scope)],
};

const stateArns = (scope: Scope): readonly string[] =>
  (scope.keys.length > 0 ? scope.keys : ['*']).map((key) => `${bucketArn(scope)}/${key}`);
const lockFileArns = (scope: Scope): readonly string[] =>
  (scope.keys.length > 0 ? scope.keys : ['*']).map((key) => `${bucketArn(scope)}/${key}.tflock`);
const EVERY_STATE = 'Every state file of the bucket: name them with --key for less.';
const wideUnlessNamed = ({ keys }: Scope) => (keys.length > 0 ? {} : { wide: EVERY_STATE });

/** The items of the lock table that belong to the state files: the lock itself, and the digest of what was written last. */
const lockIds = ({ bucket, keys }: Scope): readonly string[] => keys.flatMap((key) => [`${bucket}/${key}`, `${bucket}/${key}-md5`]);

export function stateStatements(scope: Scope): readonly PolicyStatement[] {
  return [
    {
      sid: 'FindState',
      actions: {
        's3:ListBucket':
          'Which workspaces there are; and without it S3 answers "forbidden" rather than "not found" for a state that is yet to be written.',
      },
      resources: [bucketArn(scope)],
      conditions: ownBucket(scope),
    },
    {
      sid: 'ReadAndWriteState',
      actions: {
        's3:GetObject': 'Reads the state.',
        's3:PutObject': 'Writes the state; older versions stay where the bucket keeps versions.',
      },
      resources: stateArns(scope),
      conditions: ownBucket(scope),
      ...wideUnlessNamed(scope),
    },
    // Both where a lock moves from the table to a file: Terraform then takes both.
    ...(scope.lockFile ? [lockFileStatement(scope)] : []),
    ...(scope.table === '' ? [] : tableStatements(scope)),
  ];
}

const lockFileStatement = (scope: Scope): PolicyStatement => ({
  sid: 'LockByFile',
  actions: {
    's3:GetObject': 'Who holds the lock.',
    's3:PutObject': 'Takes the lock: S3 writes the file only if there is none.',
    's3:DeleteObject': 'Gives the lock back. The state itself cannot be deleted.',
  },
  resources: lockFileArns(scope),
  conditions: ownBucket(scope),
  ...wideUnlessNamed(scope),
});

function tableStatements(scope: Scope): readonly PolicyStatement[] {
  const ids = lockIds(scope);
  const own: { conditions?: Conditions } =
    ids.length === 0
      ? {}
      : { conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ids }, Null: { 'dynamodb:LeadingKeys': 'false' } } };
  return [
    {
      sid: 'SeeLockTable',
      actions: { 'dynamodb:DescribeTable': 'Whether the table is there, before anything is locked.' },
      resources: [tableArn(scope)],
    },
    {
      sid: 'LockInTable',
      actions: {
        'dynamodb:GetItem': 'Who holds the lock, and the digest of the state as it was written last.',
        'dynamodb:PutItem': 'Takes the lock, and stores the digest.',
        'dynamodb:DeleteItem': 'Gives the lock back.',
      },
      resources: [tableArn(scope)],
      ...own,
    },
  ];
}

export function stateAllows(of: string, scope: Scope): readonly Call[] {
  const call = callsOf(of);
  const key = scope.keys[0] ?? 'prod/terraform.tfstate';
  const state = `${bucketArn(scope)}/${key}`;
  const context = { 's3:ResourceAccount': scope.account };
  const item = { 'dynamodb:LeadingKeys': [`${scope.bucket}/${key}`] };
  return [
    call('find the state', 's3:ListBucket', bucketArn(scope), context),
    call('read the state', 's3:GetObject', state, context),
    call('write the state', 's3:PutObject', state, context),
    ...(scope.lockFile
      ? [
          call('take the lock', 's3:PutObject', `${state}.tflock`, context),
          call('see who holds the lock', 's3:GetObject', `${state}.tflock`, context),
          call('give the lock back', 's3:DeleteObject', `${state}.tflock`, context),
        ]
      : []),
    ...(scope.table === ''
      ? []
      : [
          call('see the lock table', 'dynamodb:DescribeTable', tableArn(scope)),
          call('see who holds the lock', 'dynamodb:GetItem', tableArn(scope), item),
          call('take the lock', 'dynamodb:PutItem', tableArn(scope), item),
          call('store the digest', 'dynamodb:PutItem', tableArn(scope), { 'dynamodb:LeadingKeys': [`${scope.bucket}/${key}-md5`] }),
          call('give the lock back', 'dynamodb:DeleteItem', tableArn(scope), item),
        ]),
  ];
}

export function stateRefuses(of: string, scope: Scope): readonly Call[] {
  const call = callsOf(of);
  const key = scope.keys[0] ?? 'prod/terraform.tfstate';
  const bucket = bucketArn(scope);
  const context = { 's3:ResourceAccount': scope.account };
  const theirs = { 's3:ResourceAccount': elsewhere(scope).account };
  return [
    call('make a bucket', 's3:CreateBucket', `${bucket}-2`),
    call('delete the bucket', 's3:DeleteBucket', bucket, context),
    call('delete the state', 's3:DeleteObject', `${bucket}/${key}`, context),
    call('delete an older version of the state', 's3:DeleteObjectVersion', `${bucket}/${key}`, context),
    call('open the bucket to others', 's3:PutBucketPolicy', bucket, context),
    call('stop keeping versions', 's3:PutBucketVersioning', bucket, context),
    call('open the state to others', 's3:PutObjectAcl', `${bucket}/${key}`, context),
    call('read from another bucket', 's3:GetObject', `${bucket}-2/${key}`, context),
    call('write the state to a bucket of that name in another account', 's3:PutObject', `${bucket}/${key}`, theirs),
    ...(scope.keys.length > 0
      ? [
          call('read the state of somebody else', 's3:GetObject', `${bucket}/other/terraform.tfstate`, context),
          call('write the state of somebody else', 's3:PutObject', `${bucket}/other/terraform.tfstate`, context),
        ]
      : []),
    ...(scope.table === '' ? [] : tableRefuses(of, scope)),
    ...escalations(of, scope),
  ];
}

function tableRefuses(of: string, scope: Scope): readonly Call[] {
  const call = callsOf(of);
  const table = tableArn(scope);
  const item = { 'dynamodb:LeadingKeys': [`${scope.bucket}/${scope.keys[0] ?? 'prod/terraform.tfstate'}`] };
  return [
    call('make a table', 'dynamodb:CreateTable', `${table}-2`),
    call('delete the table', 'dynamodb:DeleteTable', table),
    call('read all locks', 'dynamodb:Scan', table),
    call('take a lock in another table', 'dynamodb:PutItem', `${table}-2`, item),
    call("take a lock in another account's table", 'dynamodb:PutItem', tableArn(elsewhere(scope)), item),
    ...(scope.keys.length > 0
      ? [
          call("take somebody else's lock away", 'dynamodb:DeleteItem', table, {
            'dynamodb:LeadingKeys': [`${scope.bucket}/other/terraform.tfstate`],
          }),
        ]
      : []),
  ];
}
