import { createHash } from 'node:crypto';
import { resolveCondition, resolveValue, type Scope } from './intrinsics.ts';
import { type ParsedPolicy, type PolicyDocument, type PolicyKind, parsePolicy } from './policy-document.ts';
import { bindParameters } from './template-parameters.ts';
import { readTemplateYaml, TemplateError } from './template-yaml.ts';

/** Where, and with which values, a template becomes a stack. */
export interface StackOptions {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  /** Values for the template's Parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the template refers to and does not hold, by "Name" (Ref) or "Name.Attribute" (GetAtt): for a file that is a part of a larger template. */
  readonly outside?: Readonly<Record<string, string>>;
}

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

type Fields = Readonly<Record<string, unknown>>;
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

function scopeOf(template: Fields, resources: Readonly<Record<string, Fields>>, options: StackOptions): Scope {
  const parameters = bindParameters(eachFields(template.Parameters ?? {}, 'Parameters'), options.parameters ?? {});
  const conditions = asFields(template.Conditions ?? {}, 'Conditions');
  const { partition, refs } = pseudo(options);
  const asking = new Set<string>();
  const nameOf = (id: string, key: string) =>
    physicalName(id, resolveValue(asFields(resources[id]?.Properties ?? {}, id)[key], scope, `${id}.${key}`), options);
  const arnOf = (id: string, kind: 'role' | 'policy', key: string) => {
    const path = pathOf(asFields(resolveValue({ Path: asFields(resources[id]?.Properties ?? {}, id).Path }, scope, id), id));
    return `arn:${partition}:iam::${options.accountId}:${kind}${path}${nameOf(id, key)}`;
  };
  const scope: Scope = {
    ref: (name) => {
      const known = refs[name] ?? (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? options.outside?.[name];
      if (known !== undefined) return known;
      const type = Object.hasOwn(resources, name) ? resources[name]?.Type : undefined;
      if (type === 'AWS::IAM::Role') return nameOf(name, 'RoleName');
      return type === 'AWS::IAM::ManagedPolicy' ? arnOf(name, 'policy', 'ManagedPolicyName') : undefined;
    },
    getAtt: (id, attribute) => {
      const type = Object.hasOwn(resources, id) ? resources[id]?.Type : undefined;
      if (type === 'AWS::IAM::Role' && attribute === 'Arn') return arnOf(id, 'role', 'RoleName');
      if (type === 'AWS::IAM::ManagedPolicy' && attribute === 'PolicyArn') return arnOf(id, 'policy', 'ManagedPolicyName');
      return options.outside?.[`${id}.${attribute}`];
    },
    condition: (name) => {
      if (!Object.hasOwn(conditions, name)) throw new TemplateError(`there is no condition ${name}`);
      if (asking.has(name)) throw new TemplateError(`condition ${name} depends upon itself`);
      asking.add(name);
      const holds = resolveCondition(conditions[name], scope, `Conditions.${name}`);
      asking.delete(name);
      return holds;
    },
    mapping: (map, top, second) => eachFields(asFields(template.Mappings ?? {}, 'Mappings')[map] ?? {}, map)[top]?.[second],
  };
  return scope;
}

function pseudo({ accountId, region, stackName }: StackOptions): {
  readonly partition: string;
  readonly refs: Readonly<Record<string, unknown>>;
} {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const refs = {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': partition,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${suffix(stackName, accountId).toLowerCase()}`,
    'AWS::NotificationARNs': [],
  };
  return { partition, refs };
}

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
  const parsed: ParsedPolicy = parsePolicy(value, kind);
  if (!parsed.ok) throw new TemplateError(`${where}: ${parsed.problems.join('; ')}`);
  return parsed.policy;
}

/** The name given, or one as CloudFormation would make it: stack, logical id, twelve characters. */
function physicalName(logicalId: string, given: unknown, { stackName, accountId }: StackOptions): string {
  if (typeof given === 'string') return given;
  return `${`${stackName}-${logicalId}`.slice(0, 51)}-${suffix(`${stackName}/${logicalId}`, accountId)}`;
}

const suffix = (of: string, accountId: string) =>
  BigInt(`0x${createHash('sha256').update(`${accountId}/${of}`).digest('hex')}`)
    .toString(36)
    .toUpperCase()
    .slice(0, 12);

function pathOf(properties: Fields): string {
  const path = properties.Path ?? '/';
  if (typeof path !== 'string' || !/^\/([!-~]+\/)?$/.test(path))
    throw new TemplateError(`a Path begins and ends with a slash; got ${JSON.stringify(path)}`);
  return path;
}

function texts(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new TemplateError(`${where}: a list of text is needed; got ${JSON.stringify(value)}`);
}

function eachFields(value: unknown, where: string): Readonly<Record<string, Fields>> {
  return Object.fromEntries(Object.entries(asFields(value, where)).map(([key, inner]) => [key, asFields(inner, `${where}.${key}`)]));
}

function asFields(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  throw new TemplateError(`${where}: a map is needed; got ${JSON.stringify(value)}`);
}
