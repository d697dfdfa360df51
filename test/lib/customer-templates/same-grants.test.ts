import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../lib/iam/evaluate.ts';
import type { PolicyDocument } from '../../../lib/iam/policy-document.ts';
import { type Filled, type FormName, fromCloudFormation, fromJson, fromTerraform } from './forms.ts';

const accountId = '111122223333';
const filledIn = (partition: string, region: string): Filled => ({
  partition,
  region,
  accountId,
  operatorAccountId: '999988887777',
  operatorStage: 'prod',
  externalId: `sluice-${'0123456789abcdef'.repeat(2)}`,
  services: ['web', 'worker'].map((name) => `arn:${partition}:ecs:${region}:${accountId}:service/shop/${name}`),
  queues: [`arn:${partition}:sqs:${region}:${accountId}:imports`],
  clusterRegion: region,
  clusterName: 'shop',
});
const PLACES = [
  ['aws', 'eu-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
] as const;
const JSON_FORMS: readonly FormName[] = ['trust', 'read', 'write', 'write-hardened', 'write-cluster', 'write-tagged', 'queues'];
const ALL_FORMS: readonly FormName[] = [...JSON_FORMS, 'write-cluster-hardened', 'write-tagged-hardened'];

interface Asked {
  readonly does: string;
  readonly action: string;
  readonly resource: (filled: Filled) => string;
  readonly context?: (filled: Filled) => Readonly<Record<string, string | readonly string[]>>;
  /** The policies that allow it. */
  readonly allowedBy: readonly FormName[];
}

const service = (path: string) => (f: Filled) => `arn:${f.partition}:ecs:${f.region}:${f.accountId}:service/${path}`;
const inCluster = (name: string) => (f: Filled) => ({
  'ecs:cluster': `arn:${f.partition}:ecs:${f.region}:${f.accountId}:cluster/${name}`,
});
const WRITES: readonly FormName[] = ['write', 'write-cluster', 'write-hardened', 'write-cluster-hardened'];
const ASKED: readonly Asked[] = [
  {
    does: 'the count of a listed service',
    action: 'ecs:UpdateService',
    resource: service('shop/web'),
    context: inCluster('shop'),
    allowedBy: WRITES,
  },
  {
    does: 'the count of another service of the cluster',
    action: 'ecs:UpdateService',
    resource: service('shop/other'),
    context: inCluster('shop'),
    allowedBy: ['write-cluster', 'write-cluster-hardened'],
  },
  {
    does: 'the count of a service elsewhere',
    action: 'ecs:UpdateService',
    resource: service('till/web'),
    context: inCluster('till'),
    allowedBy: [],
  },
  {
    does: 'the count of a service elsewhere with the tag',
    action: 'ecs:UpdateService',
    resource: service('till/web'),
    context: (f) => ({ ...inCluster('till')(f), 'aws:ResourceTag/sluice:scale': 'true' }),
    allowedBy: ['write-tagged', 'write-tagged-hardened'],
  },
  {
    does: 'the count of a service whose tag says no',
    action: 'ecs:UpdateService',
    resource: service('till/web'),
    context: (f) => ({ ...inCluster('till')(f), 'aws:ResourceTag/sluice:scale': 'false' }),
    allowedBy: [],
  },
  {
    does: 'a new task definition of a listed service',
    action: 'ecs:UpdateService',
    resource: service('shop/web'),
    context: (f) => ({ ...inCluster('shop')(f), 'ecs:task-definition': `arn:${f.partition}:ecs:x:y:task-definition/web:2` }),
    allowedBy: ['write', 'write-cluster'],
  },
  { does: 'deleting a listed service', action: 'ecs:DeleteService', resource: service('shop/web'), allowedBy: [] },
  { does: 'looking at any service', action: 'ecs:DescribeServices', resource: service('till/web'), allowedBy: ['read'] },
  {
    does: "looking at another account's service",
    action: 'ecs:DescribeServices',
    resource: (f) => service('shop/web')({ ...f, accountId: '444455556666' }),
    allowedBy: [],
  },
  { does: 'listing clusters', action: 'ecs:ListClusters', resource: () => '*', allowedBy: ['read'] },
  { does: 'the depth of a listed queue', action: 'sqs:GetQueueAttributes', resource: (f) => f.queues[0] ?? '', allowedBy: ['queues'] },
  {
    does: 'the depth of another queue',
    action: 'sqs:GetQueueAttributes',
    resource: (f) => `${f.queues[0]}-2`,
    allowedBy: [],
  },
  { does: 'messages of a listed queue', action: 'sqs:ReceiveMessage', resource: (f) => f.queues[0] ?? '', allowedBy: [] },
  { does: 'metrics', action: 'cloudwatch:GetMetricData', resource: () => '*', allowedBy: ['queues'] },
  {
    does: 'passing a role',
    action: 'iam:PassRole',
    resource: (f) => `arn:${f.partition}:iam::${f.accountId}:role/ecsTaskExecutionRole`,
    allowedBy: [],
  },
];

const mayDo = (policy: PolicyDocument, { action, resource, context }: Asked, filled: Filled) =>
  evaluate(
    {
      caller: {
        kind: 'role-session',
        partition: filled.partition,
        accountId,
        roleArn: `arn:${filled.partition}:iam::${accountId}:role/sluice/r`,
        roleId: 'AROAEXAMPLEEXAMPLE123',
        sessionName: 's',
      },
      action,
      resource: resource(filled),
      context: context?.(filled) ?? {},
    },
    { identity: [policy] },
  ).allowed;

describe.each(PLACES)('in partition %s, whatever form is installed', (partition, region) => {
  const filled = filledIn(partition, region);

  test.each(JSON_FORMS)('%s says the same in CloudFormation and in plain JSON', (name) => {
    expect(fromJson(name, filled)).toEqual(fromCloudFormation(name, filled));
  });

  test.each(ALL_FORMS)('%s says the same in CloudFormation and in Terraform', (name) => {
    expect(fromTerraform(name, filled)).toEqual(fromCloudFormation(name, filled));
  });

  test.each(ASKED.map((asked) => [asked.does, asked] as const))('%s is allowed by the policies that are for it alone', (_, asked) => {
    const allowing = (form: (name: FormName, filled: Filled) => PolicyDocument, names: readonly FormName[]) =>
      names.filter((name) => name !== 'trust' && mayDo(form(name, filled), asked, filled)).sort();
    const expected = [...asked.allowedBy].sort();
    expect(allowing(fromCloudFormation, ALL_FORMS)).toEqual(expected);
    expect(allowing(fromTerraform, ALL_FORMS)).toEqual(expected);
    expect(allowing(fromJson, JSON_FORMS)).toEqual(expected.filter((name) => JSON_FORMS.includes(name)));
  });

  test.each([
    ["one of Sluice's functions with the external ID", 'role/sluice/prod/scale', {}, true],
    ['another stage of it', 'role/sluice/dev/scale', {}, false],
    ["a person's role in the operator's account", 'role/people/admin', {}, false],
    ['a role whose path only begins so', 'role/sluice/production/scale', {}, false],
    ['a function without the external ID', 'role/sluice/prod/scale', { 'sts:ExternalId': undefined }, false],
    ['a function with the ID in capitals', 'role/sluice/prod/scale', { 'sts:ExternalId': filled.externalId.toUpperCase() }, false],
  ])('the role lets in %s: only if it should', (_, role, context, allowed) => {
    const caller = {
      kind: 'role-session' as const,
      partition,
      accountId: filled.operatorAccountId,
      roleArn: `arn:${partition}:iam::${filled.operatorAccountId}:${role}`,
      roleId: 'AROAEXAMPLEEXAMPLE123',
      sessionName: 's',
    };
    const assume = { Version: '2012-10-17' as const };
    const identity: PolicyDocument = {
      version: assume.Version,
      statements: [
        {
          effect: 'Allow',
          actions: { patterns: ['sts:*'], negated: false },
          resources: { patterns: ['*'], negated: false },
          conditions: [],
        },
      ],
    };
    for (const form of [fromCloudFormation, fromJson, fromTerraform]) {
      const answer = evaluate(
        {
          caller,
          action: 'sts:AssumeRole',
          resource: `arn:${partition}:iam::${accountId}:role/sluice/x`,
          context: { 'sts:ExternalId': filled.externalId, ...context },
        },
        { identity: [identity], trust: form('trust', filled) },
      );
      expect(answer.allowed).toBe(allowed);
    }
  });
});
