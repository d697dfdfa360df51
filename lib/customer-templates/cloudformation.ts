import { TEMPLATE_VERSION, TEMPLATE_VERSION_TAG } from '../accounts/template-version.ts';
import { conditionsOf, policyStatement, ref, sub } from './cloudformation-statement.ts';
import {
  CLUSTER_NAME,
  CLUSTER_REGION,
  EXTERNAL_ID,
  HARDEN_REQUESTS,
  OPERATOR_ACCOUNT_ID,
  OPERATOR_STAGE,
  type Parameter,
  QUEUES,
  ROLE_NAME,
  SERVICES,
} from './parameters.ts';
import type { PolicyName, Statement } from './statement.ts';
import { SCALE_TAG, statementsOf } from './statements.ts';
import type { Json } from './template-text.ts';
import { ROLE_PATH, TRUST } from './trust.ts';

/** Why each statement is there, for whoever reads the template, and for the tests. */
const reasons = (statements: readonly Statement[]): Json =>
  Object.fromEntries(statements.map(({ sid, feature, why, without }) => [sid, { For: feature, Why: why, Without: without }]));

const parameters = (list: readonly Parameter[]): Json =>
  Object.fromEntries(
    list.map((parameter) => [
      parameter.name,
      {
        Type: parameter.list ? 'CommaDelimitedList' : 'String',
        Description: parameter.description,
        Default: parameter.default,
        AllowedValues: parameter.allowed,
        AllowedPattern: parameter.pattern,
        ConstraintDescription: parameter.rule,
      },
    ]),
  );

function template(about: {
  readonly description: string;
  readonly statements: readonly Statement[];
  readonly trust?: Json;
  readonly groups: readonly { readonly label: string; readonly parameters: readonly Parameter[] }[];
  readonly conditions?: Json;
  readonly resources: Json;
  readonly outputs: Json;
}): Json {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: about.description,
    Metadata: {
      Sluice: { TemplateVersion: String(TEMPLATE_VERSION), Statements: reasons(about.statements), Trust: about.trust },
      'AWS::CloudFormation::Interface': {
        ParameterGroups: about.groups.map((group) => ({
          Label: { default: group.label },
          Parameters: group.parameters.map(({ name }) => name),
        })),
      },
    },
    Parameters: parameters(about.groups.flatMap((group) => group.parameters)),
    Conditions: about.conditions,
    Resources: about.resources,
    Outputs: {
      ...Object.fromEntries(Object.entries(about.outputs)),
      TemplateVersion: { Description: 'The version of this template.', Value: String(TEMPLATE_VERSION) },
    },
  };
}

/** The role, which may look and change nothing. */
export function readTemplate(): Json {
  const statements = statementsOf('read');
  return template({
    description:
      'Sluice, step 1 of 2: a role with which Sluice may look at the Amazon ECS services of this account. It can change nothing. Step 2 (write.yaml) adds the desired count of the services that you name.',
    statements,
    trust: { ...TRUST.why },
    groups: [{ label: 'Given by Sluice', parameters: [OPERATOR_ACCOUNT_ID, OPERATOR_STAGE, EXTERNAL_ID] }],
    resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Description: 'Lets Sluice look at ECS services, and change the desired count of those that the write policy lists.',
          Path: ROLE_PATH,
          MaxSessionDuration: 3600,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: TRUST.sid,
                Effect: 'Allow',
                Principal: { AWS: sub(TRUST.principal) },
                Action: TRUST.action,
                Condition: conditionsOf(TRUST.conditions),
              },
            ],
          },
          Policies: [
            {
              PolicyName: 'sluice-read',
              PolicyDocument: { Version: '2012-10-17', Statement: statements.map((statement) => policyStatement(statement)) },
            },
          ],
          Tags: [{ Key: TEMPLATE_VERSION_TAG, Value: String(TEMPLATE_VERSION) }],
        },
      },
    },
    outputs: {
      RoleArn: { Description: 'Give this to Sluice.', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
      RoleName: { Description: 'Give this to the second step (write.yaml).', Value: ref('Role') },
    },
  });
}

interface Attached {
  readonly description: string;
  readonly policyDescription: string;
  readonly label: string;
  readonly parameters: readonly Parameter[];
}

const ATTACHED: Readonly<Record<Exclude<PolicyName, 'read'>, Attached>> = {
  write: {
    description:
      'Sluice, step 2 of 2: lets the role of step 1 (read.yaml) change the desired count of the Amazon ECS services that are listed, and of no other. Update the list whenever a service is added to Sluice or taken away.',
    policyDescription: 'The ECS services whose desired count Sluice may change.',
    label: 'What may be scaled',
    parameters: [ROLE_NAME, SERVICES, HARDEN_REQUESTS],
  },
  'write-cluster': {
    description:
      'Sluice, in place of step 2: lets the role of step 1 (read.yaml) change the desired count of every Amazon ECS service of one cluster. write.yaml, which lists services one by one, is narrower.',
    policyDescription: 'The ECS cluster in which Sluice may change the desired count of services.',
    label: 'What may be scaled',
    parameters: [ROLE_NAME, CLUSTER_REGION, CLUSTER_NAME, HARDEN_REQUESTS],
  },
  'write-tagged': {
    description: `Sluice, in place of step 2: lets the role of step 1 (read.yaml) change the desired count of every Amazon ECS service that carries the tag ${SCALE_TAG.key} = ${SCALE_TAG.value}. write.yaml, which lists services one by one, is narrower.`,
    policyDescription: 'The tag of ECS services whose desired count Sluice may change.',
    label: 'What may be scaled',
    parameters: [ROLE_NAME, HARDEN_REQUESTS],
  },
  queues: {
    description:
      'Sluice, optional: lets the role of step 1 (read.yaml) read the depth of the Amazon SQS queues that are listed, and CloudWatch metrics. Needed only where a policy scales by them.',
    policyDescription: 'The SQS queues whose depth Sluice may read, and CloudWatch metrics.',
    label: 'What may be read',
    parameters: [ROLE_NAME, QUEUES],
  },
};

/** A policy beside the role's own, attached to it by name. */
export function attachedTemplate(name: Exclude<PolicyName, 'read'>): Json {
  const statements = statementsOf(name);
  const { description, policyDescription, label, parameters: own } = ATTACHED[name];
  const hardening = own.includes(HARDEN_REQUESTS);
  return template({
    description,
    statements,
    groups: [{ label, parameters: own }],
    ...(hardening ? { conditions: { Hardened: { 'Fn::Equals': [ref(HARDEN_REQUESTS.name), 'yes'] } } } : {}),
    resources: {
      Policy: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: policyDescription,
          Path: ROLE_PATH,
          Roles: [ref(ROLE_NAME.name)],
          PolicyDocument: { Version: '2012-10-17', Statement: statements.map((statement) => policyStatement(statement, { hardening })) },
        },
      },
    },
    outputs: { PolicyArn: { Description: 'The policy that was attached to the role.', Value: ref('Policy') } },
  });
}
