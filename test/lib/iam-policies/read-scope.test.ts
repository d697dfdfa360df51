import { describe, expect, test } from 'vitest';
import type { PurposeName } from '../../../lib/iam-policies/purpose.ts';
import { PURPOSES, purposeOf } from '../../../lib/iam-policies/purposes.ts';
import { readScope } from '../../../lib/iam-policies/read-scope.ts';
import type { GivenScope } from '../../../lib/iam-policies/scope.ts';
import { printed } from './scopes.ts';

const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';
const place = { account: '111122223333', region: 'eu-west-1' };
function problems(name: PurposeName, given: GivenScope): readonly string[] {
  const read = readScope(purposeOf(name) ?? expect.fail(), given);
  return read.ok ? [] : read.problems;
}
const service = (arn: string) => problems('scale', { ...place, service: [arn] });

describe('what is missing', () => {
  test('is told all at once: account, Region, and every scope without which the policy would be for all there are', () => {
    for (const purpose of PURPOSES) {
      const told = problems(purpose.name, {}).join('\n');
      for (const flag of [
        '--account',
        '--region',
        ...purpose.needs.map((one) => `--${one.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`),
      ])
        expect(told, purpose.name).toContain(`${flag} is missing`);
    }
  });

  test('is the lock, where neither a table nor a lock file is named; while locks move from one to the other it is both', () => {
    expect(problems('terraform-state', { ...place, bucket: ['state'] })).toEqual([expect.stringContaining('--table is missing')]);
    expect(problems('terragrunt', { ...place, bucket: ['state'], table: ['locks'], lockFile: true })).toEqual([]);
    for (const key of ['/prod/a.tfstate', 'prod/'])
      expect(problems('terragrunt', { ...place, bucket: ['state'], lockFile: true, key: [key] })).toEqual([
        expect.stringContaining('without a slash before or after it'),
      ]);
  });

  test("is a service's cluster, which one --cluster makes up for", () => {
    expect(service('web')).toEqual([expect.stringContaining('needs its cluster')]);
    expect(problems('scale', { ...place, service: ['web'], cluster: ['shop'] })).toEqual([]);
    expect(problems('scale', { ...place, service: ['till/web'], cluster: ['shop'] })).toEqual([expect.stringContaining('in cluster till')]);
    expect(problems('scale', { ...place, service: ['web'], cluster: ['shop', 'till'] })).toEqual([
      expect.stringContaining('one --cluster'),
    ]);
  });

  test('is the environment, where a GitHub repository is named: any job of it could take up the role', () => {
    expect(problems('push-image', { ...place, repository: ['web'], githubRepository: ['acme/web'] })).toEqual([
      expect.stringContaining('go together'),
    ]);
  });
});

describe('what is refused with the rule', () => {
  test.each<[PurposeName, GivenScope]>([
    ['scale', { service: ['shop/*'] }],
    ['scale', { service: ['arn:aws:ecs:eu-west-1:111122223333:service/shop/w?b'] }],
    ['observe', { cluster: ['*'] }],
    ['queues', { queue: ['imports*'] }],
    ['push-image', { repository: ['shop/*'] }],
    ['deploy-service', { service: ['shop/web'], role: ['*'] }],
    ['deploy-service', { service: ['shop/web'], role: ['arn:aws:iam::111122223333:role/*'] }],
    ['terraform-state', { bucket: ['state*'], table: ['locks'] }],
    ['terraform-state', { bucket: ['state'], table: ['locks'], key: ['prod/*'] }],
    ['terragrunt', { bucket: ['state'], table: ['lock?'] }],
    [
      'irsa',
      { cluster: ['shop'], oidcProvider: ['oidc.eks.eu-west-1.amazonaws.com/id/*'], namespace: ['sluice'], serviceAccount: ['sluice'] },
    ],
    ['irsa', { ...irsa(), namespace: ['*'] }],
    ['irsa', { ...irsa(), serviceAccount: ['slui?e'] }],
    ['irsa', { ...irsa(), customerRole: ['arn:aws:iam::444455556666:role/sluice/*'] }],
    ['deploy-sluice', { githubRepository: ['acme/*'], githubEnvironment: ['production'] }],
    ['deploy-sluice', { githubRepository: ['acme/sluice'], githubEnvironment: ['*'] }],
    ['scale', { service: ['shop/${aws:username}'] }],
  ])('a wildcard: %s %j', (name, given) => {
    expect(problems(name, { ...place, ...given })).toEqual([expect.stringContaining('wildcards are refused')]);
  });

  test('a wildcard in the account and in the Region', () => {
    expect(problems('scale', { account: '1111*', region: 'eu-west-?', service: ['shop/web'] })).toEqual([
      expect.stringMatching(/^--account: must be twelve digits, wildcards are refused/),
      expect.stringMatching(/^--region: must be a Region.*wildcards are refused/),
    ]);
  });

  test("another account's, another Region's and another partition's ARN, each for what it is and all at once", () => {
    expect(service('arn:aws:ecs:eu-west-1:444455556666:service/shop/web')).toEqual([expect.stringContaining('of another account')]);
    expect(service('arn:aws:ecs:us-east-1:111122223333:service/shop/web')).toEqual([expect.stringContaining('of another Region')]);
    expect(service('arn:aws-cn:ecs:eu-west-1:111122223333:service/shop/web')).toEqual([
      expect.stringContaining('of another partition: Region eu-west-1 is in aws'),
    ]);
    expect(service('arn:aws-cn:ecs:cn-north-1:444455556666:service/shop/web')).toHaveLength(3);
  });

  test.each<[PurposeName, GivenScope, string]>([
    ['observe', { cluster: ['arn:aws:ecs:eu-west-1:444455556666:cluster/shop'] }, 'another account'],
    ['queues', { queue: ['arn:aws:sqs:eu-west-1:444455556666:imports'] }, 'another account'],
    ['push-image', { repository: ['arn:aws:ecr:eu-west-1:444455556666:repository/web'] }, 'another account'],
    ['deploy-service', { service: ['shop/web'], role: ['arn:aws:iam::444455556666:role/task'] }, 'another account'],
    ['terraform-state', { bucket: ['state'], table: ['arn:aws:dynamodb:us-east-1:111122223333:table/locks'] }, 'another Region'],
    ['terraform-state', { bucket: ['arn:aws-us-gov:s3:::state'], table: ['locks'] }, 'another partition'],
    ['irsa', { ...irsa(), oidcProvider: [`arn:aws:iam::444455556666:oidc-provider/${ISSUER}`] }, 'another account'],
    ['irsa', { ...irsa(), oidcProvider: [`${ISSUER.replace('.com/', '.com.cn/')}`] }, 'another partition'],
    ['irsa', { ...irsa(), customerRole: ['arn:aws-cn:iam::444455556666:role/sluice/acme'] }, 'another partition'],
    ['scale', { service: ['arn:aws:ecs:eu-west-1:111122223333:service/web'] }, 'its cluster in it'],
    ['scale', { service: ['arn:aws:lambda:eu-west-1:111122223333:function:web'] }, 'its cluster in it'],
    ['deploy-service', { service: ['shop/web'], role: ['arn:aws:iam::111122223333:user/ci'] }, 'the name of a role'],
    ['irsa', { ...irsa(), customerRole: ['arn:aws:iam::444455556666:role/Admin'] }, 'under /sluice/'],
    ['irsa', { ...irsa(), oidcProvider: ['accounts.google.com'] }, 'issuer of an EKS cluster'],
    ['push-image', { repository: ['Shop/Web'] }, 'ECR repository'],
  ])('what is foreign to %s: %j', (name, given, rule) => {
    expect(problems(name, { ...place, ...given })).toEqual([expect.stringContaining(rule)]);
  });

  test('a Region of a partition that is not known', () => {
    for (const region of ['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1'])
      expect(problems('scale', { account: place.account, region, service: ['shop/web'] })).toEqual([
        expect.stringContaining('a partition that Sluice does not know'),
      ]);
  });

  test('an option that narrows nothing of the purpose, rather than being passed over', () => {
    expect(problems('push-image', { ...place, repository: ['web'], table: ['locks'], hardenRequests: true })).toEqual([
      expect.stringMatching(/^--table narrows nothing of push-image, which takes --account, --region, --repository/),
      expect.stringMatching(/^--harden-requests narrows nothing/),
    ]);
  });

  test('two of what there is one of', () => {
    expect(problems('terraform-state', { ...place, bucket: ['a-b', 'c-d'], table: ['locks'] })).toEqual([
      expect.stringContaining('--bucket is given once'),
    ]);
    expect(problems('irsa', { ...irsa(), cluster: ['shop', 'till'] })).toEqual([expect.stringContaining('for one cluster')]);
    expect(problems('deploy-sluice', { ...place, hostedZone: ['Z0123456789ABC'] })).toEqual([expect.stringContaining('--reports-domain')]);
  });

  test('every mistake at once, whatever it is', () => {
    const told = problems('scale', {
      region: 'eu-west-1',
      service: ['*', 'arn:aws:ecs:us-east-1:111122223333:service/shop/web', 'web'],
      queue: ['x'],
    });
    expect(told).toHaveLength(5);
  });
});

test.each([
  ['eu-west-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
])('Region %s says the partition: %s', (region, partition) => {
  const { scope, grants } = printed('deploy-service', { region });
  expect(scope.partition).toBe(partition);
  const arns = JSON.stringify(grants).match(/arn:[^:"]*:/g) ?? [];
  expect(new Set(arns)).toEqual(new Set([`arn:${partition}:`]));
});

test('a name and its ARN come to the same', () => {
  const byName = printed('scale', { ...place, service: ['shop/web'] });
  const byArn = printed('scale', { ...place, service: ['arn:aws:ecs:eu-west-1:111122223333:service/shop/web'] });
  expect(byArn).toEqual(byName);
});

test('an example keeps what was given', () => {
  const { scope } = printed('deploy-service', { account: '444455556666', service: ['till/api'], role: ['api-task'] });
  expect(scope).toMatchObject({
    account: '444455556666',
    region: 'us-east-1',
    services: [{ cluster: 'till', name: 'api' }],
    roles: ['arn:aws:iam::444455556666:role/api-task'],
  });
});

function irsa(): GivenScope {
  return { ...place, cluster: ['shop'], oidcProvider: [ISSUER], namespace: ['sluice'], serviceAccount: ['sluice'] };
}
