import { callsOf, escalations } from '../calls.ts';
import { githubAllows, githubRefuses, githubTrust } from '../github-trust.ts';
import type { Call, PolicyStatement, Purpose } from '../purpose.ts';
import { arnOf, elsewhere, iamArn, ownBucket, type Scope } from '../scope.ts';
import { functionArns, stackStatements, stackTrust } from './deploy-sluice-stack.ts';
import { stackAllows, stackRefuses } from './deploy-sluice-stack-calls.ts';

const DEPLOY = 'deploy';
const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** A CI that deploys this project (infra/ci-role.yml makes the same, with the bucket for uploads): it hands the template to CloudFormation, which alone has the permissions for what is in it. */
export const DEPLOY_SLUICE: Purpose = {
  name: 'deploy-sluice',
  says: 'deploy Sluice from CI by osls, SAM or the AWS CLI: a role for the job, and one that CloudFormation alone takes up',
  needs: [],
  takes: ['stage', 'bucket', 'reportsDomain', 'hostedZone', 'githubRepository', 'githubEnvironment'],
  grants: (scope) => [
    {
      name: DEPLOY,
      called: `sluice-deploy-${scope.stage}`,
      says: "The CI job: hands Sluice's template to CloudFormation.",
      ...githubTrust(scope),
      statements: jobStatements(scope),
    },
    {
      name: 'stack',
      called: `sluice-stack-${scope.stage}`,
      says: "CloudFormation, for Sluice's stack.",
      // Not under /sluice/, which is what customers trust.
      role: { path: '/', trust: stackTrust(scope) },
      statements: stackStatements(scope, uploads(scope)),
    },
  ],
  allows: (scope) => [...githubAllows(DEPLOY, scope), ...jobAllows(scope), ...stackAllows(scope, uploads(scope))],
  refuses: (scope) => [...githubRefuses(DEPLOY, scope), ...jobRefuses(scope), ...stackRefuses(scope, uploads(scope))],
};

/** The bucket of infra/ci-role.yml, unless another is named. */
const uploads = ({ partition, bucket, stage, account, region }: Scope) =>
  `arn:${partition}:s3:::${bucket || `sluice-${stage}-uploads-${account}-${region}`}`;
const stackArn = (scope: Scope, name = `sluice-${scope.stage}`) => arnOf(scope, 'cloudformation', `stack/${name}/*`);
/** The role of CloudFormation, by the name that is given to it here. */
const stackRoleArn = (scope: Scope) => iamArn(scope, `role/sluice-stack-${scope.stage}`);

const jobStatements = (scope: Scope): readonly PolicyStatement[] => [
  {
    sid: 'OwnStack',
    actions: {
      'cloudformation:CreateChangeSet': 'Says what would change (AWS CLI, SAM).',
      'cloudformation:CreateStack': 'The first deployment by osls.',
      'cloudformation:DeleteChangeSet': 'Tidies up a change set that came to nothing.',
      'cloudformation:DescribeChangeSet': 'Waits for the change set.',
      'cloudformation:DescribeStackEvents': 'Shows progress, and why a deployment failed.',
      'cloudformation:DescribeStackResource': 'osls looks up the bucket of uploads.',
      'cloudformation:DescribeStackResources': 'Lists what the stack has made.',
      'cloudformation:DescribeStacks': 'Whether the stack is there, its state and its outputs.',
      'cloudformation:ExecuteChangeSet': 'Carries the change set out.',
      'cloudformation:GetTemplate': 'osls compares with what is deployed.',
      'cloudformation:GetTemplateSummary': 'SAM reads the parameters.',
      'cloudformation:ListStackResources': 'osls lists what the stack has made.',
      'cloudformation:UpdateStack': 'Deploys by osls.',
    },
    resources: [stackArn(scope), `arn:${scope.partition}:cloudformation:${scope.region}:aws:transform/Serverless-2016-10-31`],
    wide: "AWS makes up the last part of a stack's ARN. The transform turns the SAM template into plain CloudFormation.",
  },
  {
    sid: 'CheckTemplate',
    actions: { 'cloudformation:ValidateTemplate': 'Finds mistakes of the template before anything is touched.' },
    resources: ['*'],
    wide: 'IAM has no resource for it: it looks at a text.',
  },
  {
    sid: 'CompareFunctions',
    actions: { 'lambda:GetFunction': 'osls compares the code that runs with what it would upload, and skips what is the same.' },
    resources: functionArns(scope),
  },
  {
    sid: 'UploadFunctions',
    actions: {
      's3:GetObject': 'Whether an archive is there already.',
      's3:PutObject': 'Uploads the archives of the functions and the template.',
      's3:DeleteObject': 'osls keeps the last five deployments and removes those before.',
    },
    resources: [`${uploads(scope)}/*`],
    conditions: ownBucket(scope),
    wide: 'The bucket is for uploads of this stage alone; names of archives are digests of what is in them.',
  },
  {
    sid: 'FindUploads',
    actions: { 's3:ListBucket': 'Which deployments are there.', 's3:GetBucketLocation': 'Whether the bucket is in this Region.' },
    resources: [uploads(scope)],
    conditions: ownBucket(scope),
  },
  {
    sid: 'HandOver',
    actions: { 'iam:PassRole': 'Hands the work to the role of CloudFormation: that one, and to CloudFormation alone.' },
    resources: [stackRoleArn(scope)],
    conditions: { StringEquals: { 'iam:PassedToService': CLOUDFORMATION } },
  },
];

function jobAllows(scope: Scope): readonly Call[] {
  const call = callsOf(DEPLOY);
  const mine = { 's3:ResourceAccount': scope.account };
  const stack = stackArn(scope).replace('*', '0123abcd');
  return [
    ...[
      'CreateChangeSet',
      'DeleteChangeSet',
      'DescribeChangeSet',
      'ExecuteChangeSet',
      'DescribeStacks',
      'DescribeStackEvents',
      'GetTemplateSummary',
    ].map((action) => call('deploy by the AWS CLI or SAM', `cloudformation:${action}`, stack)),
    ...['CreateStack', 'UpdateStack', 'GetTemplate', 'ListStackResources', 'DescribeStackResource', 'DescribeStackResources'].map(
      (action) => call('deploy by osls', `cloudformation:${action}`, stack),
    ),
    call(
      'expand the SAM template',
      'cloudformation:CreateChangeSet',
      `arn:${scope.partition}:cloudformation:${scope.region}:aws:transform/Serverless-2016-10-31`,
    ),
    call('check the template', 'cloudformation:ValidateTemplate', '*'),
    call('compare a function', 'lambda:GetFunction', arnOf(scope, 'lambda', `function:sluice-${scope.stage}-tick`)),
    ...['GetObject', 'PutObject', 'DeleteObject'].map((action) =>
      call('upload archives, and tidy up', `s3:${action}`, `${uploads(scope)}/${scope.stage}/0123.zip`, mine),
    ),
    call('find the bucket', 's3:GetBucketLocation', uploads(scope), mine),
    call('list uploads', 's3:ListBucket', uploads(scope), mine),
    call('hand over to CloudFormation', 'iam:PassRole', stackRoleArn(scope), { 'iam:PassedToService': CLOUDFORMATION }),
  ];
}

function jobRefuses(scope: Scope): readonly Call[] {
  const call = callsOf(DEPLOY);
  const own = stackArn(scope).replace('*', '0123abcd');
  return [
    call('delete the stack', 'cloudformation:DeleteStack', own),
    call('protect or unprotect the stack', 'cloudformation:UpdateTerminationProtection', own),
    call('deploy another stage', 'cloudformation:UpdateStack', stackArn(scope, `sluice-${scope.stage}x`).replace('*', '0123abcd')),
    call('deploy another stack', 'cloudformation:CreateStack', stackArn(scope, 'billing').replace('*', '0123abcd')),
    call("deploy to another account's stack", 'cloudformation:UpdateStack', stackArn(elsewhere(scope)).replace('*', '0123abcd')),
    call('hand the role of CloudFormation to a function', 'iam:PassRole', stackRoleArn(scope), {
      'iam:PassedToService': 'lambda.amazonaws.com',
    }),
    call('hand an administrator to CloudFormation', 'iam:PassRole', iamArn(scope, 'role/Admin'), { 'iam:PassedToService': CLOUDFORMATION }),
    call('take up the role of CloudFormation', 'sts:AssumeRole', stackRoleArn(scope)),
    call('change a function itself', 'lambda:UpdateFunctionCode', arnOf(scope, 'lambda', `function:sluice-${scope.stage}-scale`)),
    call('call a function', 'lambda:InvokeFunction', arnOf(scope, 'lambda', `function:sluice-${scope.stage}-admin`)),
    call("read Sluice's table", 'dynamodb:GetItem', arnOf(scope, 'dynamodb', `table/sluice-${scope.stage}`)),
    call('upload elsewhere', 's3:PutObject', `${uploads(scope)}-2/x.zip`, { 's3:ResourceAccount': scope.account }),
    call('upload to a bucket of that name in another account', 's3:PutObject', `${uploads(scope)}/x.zip`, {
      's3:ResourceAccount': elsewhere(scope).account,
    }),
    call('open the bucket to others', 's3:PutBucketPolicy', uploads(scope)),
    call("take up a customer's role", 'sts:AssumeRole', `arn:${scope.partition}:iam::444455556666:role/sluice/acme`, {
      'sts:ExternalId': 'x',
    }),
    ...escalations(DEPLOY, scope),
  ];
}
