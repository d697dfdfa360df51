import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveTemplate, type TemplateRole } from '../../lib/iam/template.ts';
import { type Granted, grantedBy, judge } from '../../lib/iam-policies/judge.ts';
import { printed } from '../lib/iam-policies/scopes.ts';

const template = readFileSync(resolve(import.meta.dirname, '../../infra/ci-role.yml'), 'utf8');
const account = '111122223333';
const PLACES = [
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
] as const;

/** The roles of infra/ci-role.yml, as the grants of `sluice iam deploy-sluice`; the one name that CloudFormation makes up is put in place of the other. */
function committed(region: string, partition: string, parameters: Readonly<Record<string, string>>): Readonly<Record<string, Granted>> {
  const provider = `arn:${partition}:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  const bucket = `sluice-prod-uploads-${account}-${region}`;
  const { roles } = resolveTemplate(template, {
    stackName: 'sluice-ci',
    accountId: account,
    region,
    parameters: { Repository: 'acme/sluice', Environment: 'production', Stage: 'prod', ProviderArn: provider, ...parameters },
    outside: { Uploads: bucket, 'Uploads.Arn': `arn:${partition}:s3:::${bucket}` },
  });
  const role = (id: string): TemplateRole => {
    const found = roles.find(({ logicalId }) => logicalId === id);
    if (found === undefined) throw new Error(`infra/ci-role.yml has no ${id}`);
    return found;
  };
  const stackRole = role('StackRole').arn;
  const granted = ({ trust, inline, managedPolicyArns }: TemplateRole): Granted => {
    const [policy, ...others] = inline;
    if (policy === undefined || others.length > 0 || managedPolicyArns.length > 0) throw new Error('one inline policy is needed');
    const renamed = (pattern: string) => (pattern === stackRole ? `arn:${partition}:iam::${account}:role/sluice-stack-prod` : pattern);
    const statements = policy.document.statements.map((statement) => {
      const { resources } = statement;
      return resources === undefined ? statement : { ...statement, resources: { ...resources, patterns: resources.patterns.map(renamed) } };
    });
    return { permissions: { ...policy.document, statements }, trust };
  };
  return { deploy: granted(role('DeployRole')), stack: granted(role('StackRole')) };
}

const DOMAIN = { ReportsDomain: 'reports.example.com', ReportsHostedZoneId: 'Z0123456789ABCDEFGHIJ' };

describe.each(PLACES)('infra/ci-role.yml in %s', (region, partition) => {
  test.each([
    ['without a host name of its own', {}, {}],
    ['with one', DOMAIN, { reportsDomain: [DOMAIN.ReportsDomain], hostedZone: [DOMAIN.ReportsHostedZoneId] }],
    ['with one that is entered elsewhere', { ReportsDomain: DOMAIN.ReportsDomain }, { reportsDomain: [DOMAIN.ReportsDomain] }],
  ])('grants what sluice iam deploy-sluice prints, %s', (_, parameters, options) => {
    const { purpose, scope, grants } = printed('deploy-sluice', { account, region, ...options });
    const roles = committed(region, partition, parameters);
    expect(roles).toEqual(grantedBy(grants));
    expect(judge(purpose, scope, roles).filter(({ right }) => !right)).toEqual([]);
  });
});
