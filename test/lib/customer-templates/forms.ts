import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PolicyDocument, type PolicyKind, parsePolicy } from '../../../lib/iam/policy-document.ts';
import { resolveTemplate } from '../../../lib/iam/template.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');

/** What one customer fills in, whatever form is installed. */
export interface Filled {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly operatorAccountId: string;
  readonly operatorStage: string;
  readonly externalId: string;
  readonly services: readonly string[];
  readonly queues: readonly string[];
  readonly clusterRegion: string;
  readonly clusterName: string;
}

export type FormName =
  | 'trust'
  | 'read'
  | 'write'
  | 'write-hardened'
  | 'write-cluster'
  | 'write-cluster-hardened'
  | 'write-tagged'
  | 'write-tagged-hardened'
  | 'queues';

/** With its conditions in one order: Terraform sorts the keys of what it writes. */
export const inOrder = (policy: PolicyDocument): PolicyDocument => ({
  ...policy,
  statements: policy.statements.map((statement) => ({
    ...statement,
    conditions: statement.conditions.toSorted((a, b) => (`${a.operator.name} ${a.key}` < `${b.operator.name} ${b.key}` ? -1 : 1)),
  })),
});

const parsed = (value: unknown, kind: PolicyKind): PolicyDocument => {
  const result = parsePolicy(value, kind);
  if (!result.ok) throw new Error(result.problems.join('; '));
  return result.policy;
};
const kindOf = (name: FormName): PolicyKind => (name === 'trust' ? 'trust' : 'identity');

/** The policy as the CloudFormation template makes it. */
export function fromCloudFormation(name: FormName, filled: Filled): PolicyDocument {
  const at = { stackName: 'sluice', accountId: filled.accountId, region: filled.region };
  if (name === 'trust' || name === 'read') {
    const parameters = {
      OperatorAccountId: filled.operatorAccountId,
      OperatorStage: filled.operatorStage,
      ExternalId: filled.externalId,
    };
    const [role] = resolveTemplate(text('infra/customer/read.yaml'), { ...at, parameters }).roles;
    const document = name === 'trust' ? role?.trust : role?.inline[0]?.document;
    if (document === undefined) throw new Error('read.yaml makes no role');
    return document;
  }
  const hardened = name.endsWith('-hardened');
  const file = hardened ? name.slice(0, -'-hardened'.length) : name;
  const parameters: Record<string, string> = { RoleName: 'sluice-role' };
  if (file === 'write') parameters['Services'] = filled.services.join(',');
  if (file === 'queues') parameters['Queues'] = filled.queues.join(',');
  if (file === 'write-cluster') Object.assign(parameters, { ClusterRegion: filled.clusterRegion, ClusterName: filled.clusterName });
  if (hardened) parameters['HardenRequests'] = 'yes';
  const [policy] = resolveTemplate(text(`infra/customer/${file}.yaml`), { ...at, parameters }).managedPolicies;
  if (policy === undefined) throw new Error(`${file}.yaml makes no policy`);
  return policy.document;
}

/** The plain JSON, filled in as its reader does it: words in capitals replaced. */
export function fromJson(name: FormName, filled: Filled): PolicyDocument {
  const list = (values: readonly string[]) => values.map((value) => JSON.stringify(value)).join(',');
  const json = text(`infra/customer/json/${name}.json`)
    .replaceAll('"SERVICE_ARN"', list(filled.services))
    .replaceAll('"QUEUE_ARN"', list(filled.queues))
    .replaceAll('OPERATOR_ACCOUNT_ID', filled.operatorAccountId)
    .replaceAll('OPERATOR_STAGE', filled.operatorStage)
    .replaceAll('ACCOUNT_ID', filled.accountId)
    .replaceAll('EXTERNAL_ID', filled.externalId)
    .replaceAll('CLUSTER_REGION', filled.clusterRegion)
    .replaceAll('CLUSTER_NAME', filled.clusterName)
    .replaceAll('PARTITION', filled.partition);
  return parsed(JSON.parse(json), kindOf(name));
}

/** Terraform's JSON form: `${…}` put in, nothing but references occurs in it. */
export function fromTerraform(name: FormName, filled: Filled): PolicyDocument {
  const values: Readonly<Record<string, string | readonly string[]>> = {
    'local.partition': filled.partition,
    'local.account_id': filled.accountId,
    'var.operator_account_id': filled.operatorAccountId,
    'var.operator_stage': filled.operatorStage,
    'var.external_id': filled.externalId,
    'local.cluster_region': filled.clusterRegion,
    'local.cluster_name': filled.clusterName,
    'var.scale.services': filled.services,
    'var.queue_arns': filled.queues,
  };
  const referredTo = (reference: string) => {
    const value = values[reference];
    if (value === undefined) throw new Error(`policies.tf.json refers to ${reference}, which is not known here`);
    return value;
  };
  const put = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const [, whole] = /^\$\{([^}]+)\}$/.exec(value) ?? [];
      if (whole !== undefined) return referredTo(whole);
      return value.replace(/\$\{([^}]+)\}/g, (_, reference: string) => String(referredTo(reference)));
    }
    if (Array.isArray(value)) return value.map(put);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner)]));
    return value;
  };
  const { locals }: { locals: Readonly<Record<string, unknown>> } = JSON.parse(text('infra/terraform/policies.tf.json'));
  return parsed(put(locals[name.replaceAll('-', '_')]), kindOf(name));
}
