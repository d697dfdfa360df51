import { resolveValue } from './intrinsics.ts';
import { type ParsedPolicy, type PolicyDocument, type PolicyKind, parsePolicy } from './policy-document.ts';
import { pathOf, physicalName, pseudo, type StackOptions, scopeOf } from './template-scope.ts';
import { asFields, eachFields, type Fields, readTemplateYaml, TemplateError } from './template-yaml.ts';

export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

export interface TemplateRole {
  readonly logicalId: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** The same as it was written, once its values are filled in. */
  readonly trustDocument: unknown;
  readonly inline: readonly NamedPolicy[];
  readonly managedPolicyArns: readonly string[];
  readonly maxSessionSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TemplateManagedPolicy extends NamedPolicy {
  readonly arn: string;
  /** Names of the roles it is attached to, of this stack or made before. */
  readonly roles: readonly string[];
}

/** The IAM resources that a template would make, and its outputs. */
export interface ResolvedTemplate {
  readonly roles: readonly TemplateRole[];
  readonly managedPolicies: readonly TemplateManagedPolicy[];
  /** AWS::IAM::Policy and AWS::IAM::RolePolicy: inline policies of roles named elsewhere. */
  readonly inline: readonly (NamedPolicy & { readonly roles: readonly string[] })[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

const SECTIONS = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'];

/**
 * Works out which roles and policies a CloudFormation template makes in an account and Region. Names
 * that CloudFormation would make up end in characters derived from stack and logical id, so that the
 * same stack is the same each time. Resources other than IAM's are passed over; a reference to one of
 * them needs its value in `outside`. Anything not understood is a `TemplateError`.
 */
export function resolveTemplate(text: string, options: StackOptions): ResolvedTemplate {
  const template = asFields(readTemplateYaml(text), 'the template');
  for (const section of Object.keys(template)) {
    if (!SECTIONS.includes(section))
      throw new TemplateError(`the section ${section} is not understood here; there are ${SECTIONS.join(', ')}`);
  }
  const resources = eachFields(template.Resources, 'Resources');
  const scope = scopeOf(template, resources, options);
  const made = Object.entries(resources).filter(
    ([, { Condition: condition }]) => condition === undefined || scope.condition(String(condition)),
  );
  const of = (type: string) =>
    made
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => [id, asFields(resolveValue(resource.Properties ?? {}, scope, id), id)] as const);
  for (const [id, { Type: type }] of made) {
    if (typeof type !== 'string') throw new TemplateError(`${id} has no Type`);
    if (type.startsWith('AWS::IAM::') && !IAM_TYPES.includes(type))
      throw new TemplateError(`${id}: ${type} is not understood here; there are ${IAM_TYPES.join(', ')}`);
  }
  const { partition } = pseudo(options);
  return {
    roles: of('AWS::IAM::Role').map(([id, properties]) => readRole(id, properties, options)),
    managedPolicies: of('AWS::IAM::ManagedPolicy').map(([id, properties]) => {
      const name = physicalName(id, properties.ManagedPolicyName, options);
      return {
        name,
        arn: `arn:${partition}:iam::${options.accountId}:policy${pathOf(properties)}${name}`,
        document: policy(properties.PolicyDocument, 'identity', id),
        roles: texts(properties.Roles ?? [], `${id}.Roles`),
      };
    }),
    inline: [...of('AWS::IAM::Policy'), ...of('AWS::IAM::RolePolicy')].map(([id, properties]) => ({
      name: String(properties.PolicyName),
      document: policy(properties.PolicyDocument, 'identity', id),
      roles: texts(properties.Roles ?? [properties.RoleName], `${id}.Roles`),
    })),
    outputs: Object.fromEntries(
      Object.entries(eachFields(template.Outputs ?? {}, 'Outputs'))
        .filter(([, { Condition: condition }]) => condition === undefined || scope.condition(String(condition)))
        .map(([name, output]) => [name, resolveValue(output.Value, scope, `Outputs.${name}`)]),
    ),
  };
}

const IAM_TYPES = ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy'];

function readRole(id: string, properties: Fields, options: StackOptions): TemplateRole {
  const name = physicalName(id, properties.RoleName, options);
  const inline = (Array.isArray(properties.Policies) ? properties.Policies : []).map((one: unknown, i) => {
    const { PolicyName, PolicyDocument } = asFields(one, `${id}.Policies`);
    return { name: String(PolicyName), document: policy(PolicyDocument, 'identity', `${id}.Policies[${i}]`) };
  });
  if (properties.PermissionsBoundary !== undefined) throw new TemplateError(`${id}: PermissionsBoundary is not understood here`);
  return {
    logicalId: id,
    name,
    path: pathOf(properties),
    arn: `arn:${pseudo(options).partition}:iam::${options.accountId}:role${pathOf(properties)}${name}`,
    trust: policy(properties.AssumeRolePolicyDocument, 'trust', `${id}.AssumeRolePolicyDocument`),
    trustDocument: documentOf(properties.AssumeRolePolicyDocument, `${id}.AssumeRolePolicyDocument`),
    inline,
    managedPolicyArns: texts(properties.ManagedPolicyArns ?? [], `${id}.ManagedPolicyArns`),
    maxSessionSeconds: Number(properties.MaxSessionDuration ?? 3600),
    tags: Object.fromEntries(
      (Array.isArray(properties.Tags) ? properties.Tags : []).map((tag: unknown) => {
        const { Key, Value } = asFields(tag, `${id}.Tags`);
        return [String(Key), String(Value)];
      }),
    ),
  };
}

function policy(value: unknown, kind: PolicyKind, where: string): PolicyDocument {
  const parsed: ParsedPolicy = parsePolicy(documentOf(value, where), kind);
  if (!parsed.ok) throw new TemplateError(`${where}: ${parsed.problems.join('; ')}`);
  return parsed.policy;
}

/** CloudFormation takes a document as JSON text as well: the only way to have a value in a key. */
function documentOf(value: unknown, where: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new TemplateError(`${where}: neither a document nor JSON`);
  }
}

function texts(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new TemplateError(`${where}: a list of text is needed; got ${JSON.stringify(value)}`);
}
