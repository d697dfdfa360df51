import { type Json, templateText } from '../customer-templates/template-text.ts';
import { permissionsDocument, trustDocument } from './policy-document.ts';
import type { Grant, Purpose } from './purpose.ts';

/** A template that makes the roles and policies of the grants; reasons stand in its Metadata. */
export function cloudformationText(purpose: Purpose, grants: readonly Grant[]): string {
  const template: Json = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Sluice, ${purpose.name}: ${purpose.says}.`,
    Metadata: { Sluice: Object.fromEntries(grants.map((grant) => [grant.name, reasons(grant)])) },
    Resources: Object.fromEntries(
      grants.map((grant) => [logicalId(grant), grant.role === undefined ? managedPolicy(grant) : role(grant, grant.role)]),
    ),
    Outputs: Object.fromEntries(
      grants.map((grant) => [
        `${logicalId(grant)}Arn`,
        {
          Description: grant.says,
          Value: grant.role === undefined ? { Ref: logicalId(grant) } : { 'Fn::GetAtt': [logicalId(grant), 'Arn'] },
        },
      ]),
    ),
  };
  return templateText(template, ` Printed by sluice iam ${purpose.name}. Deploy with --capabilities ${capability(grants)}.`);
}

/** What CloudFormation wants to be told before it makes this: names are given to roles alone. */
const capability = (grants: readonly Grant[]) =>
  grants.some(({ role }) => role !== undefined) ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';

const logicalId = ({ name, role }: Grant): string =>
  `${name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}${role === undefined ? 'Policy' : 'Role'}`;

const reasons = ({ statements, role }: Grant): Json => ({
  ...(role === undefined ? {} : { [role.trust.sid]: role.trust.why }),
  ...Object.fromEntries(
    statements.map(({ sid, actions, wide }) => [sid, { ...actions, ...(wide === undefined ? {} : { Resource: wide }) }]),
  ),
});

const managedPolicy = (grant: Grant): Json => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { Description: grant.says, PolicyDocument: permissionsDocument(grant) },
});

const role = (grant: Grant, { path, trust }: NonNullable<Grant['role']>): Json => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: grant.called,
    Description: grant.says,
    Path: path,
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: trustDocument(trust),
    Policies: [{ PolicyName: grant.called, PolicyDocument: permissionsDocument(grant) }],
  },
});
