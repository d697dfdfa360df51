import { parsePolicy } from '../../../lib/iam/policy-document.ts';
import { resolveTemplate } from '../../../lib/iam/template.ts';
import { cloudformationText } from '../../../lib/iam-policies/cloudformation.ts';
import type { Granted } from '../../../lib/iam-policies/judge.ts';
import { documentsOf } from '../../../lib/iam-policies/policy-document.ts';
import type { Grant, Purpose } from '../../../lib/iam-policies/purpose.ts';
import type { Scope } from '../../../lib/iam-policies/scope.ts';
import { terraformText } from '../../../lib/iam-policies/terraform.ts';
import { type Hcl, readHcl } from './read-hcl.ts';

export interface Form {
  readonly purpose: Purpose;
  readonly scope: Scope;
  readonly grants: readonly Grant[];
}

type AllGranted = Readonly<Record<string, Granted>>;

export function policy(value: unknown, kind: 'identity' | 'trust') {
  const read = parsePolicy(value, kind);
  if (!read.ok) throw new Error(read.problems.join('; '));
  return read.policy;
}

/** What was printed as JSON, through text and back. */
export function fromJson({ grants }: Form): AllGranted {
  const documents: { name: string; kind: string; policy: unknown }[] = JSON.parse(JSON.stringify(documentsOf(grants)));
  const of = (...names: string[]) => documents.find(({ name }) => names.includes(name))?.policy;
  return Object.fromEntries(
    grants.map(({ name, role }) => [
      name,
      {
        permissions: policy(of(name, 'permissions'), 'identity'),
        ...(role === undefined ? {} : { trust: policy(of(`${name}-trust`, 'trust'), 'trust') }),
      },
    ]),
  );
}

/** What CloudFormation would make of the template, as the stand-in reads it. */
export function fromCloudFormation({ purpose, scope, grants }: Form): AllGranted {
  const { account: accountId, region } = scope;
  const resolved = resolveTemplate(cloudformationText(purpose, grants), { stackName: 'iam', accountId, region });
  const policies = [...resolved.managedPolicies];
  return Object.fromEntries(
    grants.map(({ name, called, role }) => {
      if (role === undefined) {
        const made = policies.shift();
        if (made === undefined) throw new Error(`the template makes no policy for ${name}`);
        return [name, { permissions: made.document }];
      }
      const made = resolved.roles.find((one) => one.name === called && one.path === role.path);
      const [inline, ...others] = made?.inline ?? [];
      if (made === undefined || inline === undefined || others.length > 0 || made.managedPolicyArns.length > 0)
        throw new Error(`the template makes no role ${called} with one policy`);
      return [name, { permissions: inline.document, trust: made.trust }];
    }),
  );
}

/** What Terraform would make, parsed back from what was printed. */
export function fromTerraform({ purpose, grants }: Form): AllGranted {
  const resources = readHcl(terraformText(purpose, grants));
  const find = (type: string, called: string): { readonly [key: string]: Hcl } => {
    const found = resources.filter((one) => one.type === type && one.attributes['name'] === called);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`not one ${type} ${called}`);
    return found[0].attributes;
  };
  return Object.fromEntries(
    grants.map(({ name, called, role }) => {
      if (role === undefined) return [name, { permissions: policy(find('aws_iam_policy', called)['policy'], 'identity') }];
      const made = find('aws_iam_role', called);
      const attached = find('aws_iam_role_policy', called);
      if (made['path'] !== role.path || attached['role'] !== `aws_iam_role.${called.replaceAll('-', '_')}.name`)
        throw new Error(`the policy of ${called} is not attached to it`);
      return [name, { permissions: policy(attached['policy'], 'identity'), trust: policy(made['assume_role_policy'], 'trust') }];
    }),
  );
}
