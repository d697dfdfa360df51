import { createHash } from 'node:crypto';
import { resolveCondition, resolveValue, type Scope } from './intrinsics.ts';
import { bindParameters } from './template-parameters.ts';
import { asFields, eachFields, type Fields, TemplateError } from './template-yaml.ts';

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

/** Parameters, pseudo parameters, conditions and mappings of a template, and references between its own IAM resources. */
export function scopeOf(template: Fields, resources: Readonly<Record<string, Fields>>, options: StackOptions): Scope {
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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudo({ accountId, region, stackName }: StackOptions): {
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

/** The name given, or one as CloudFormation would make it: stack, logical id, twelve characters. */
export function physicalName(logicalId: string, given: unknown, { stackName, accountId }: StackOptions): string {
  if (typeof given === 'string') return given;
  return `${`${stackName}-${logicalId}`.slice(0, 51)}-${suffix(`${stackName}/${logicalId}`, accountId)}`;
}

const suffix = (of: string, accountId: string) =>
  BigInt(`0x${createHash('sha256').update(`${accountId}/${of}`).digest('hex')}`)
    .toString(36)
    .toUpperCase()
    .slice(0, 12);

export function pathOf(properties: Fields): string {
  const path = properties.Path ?? '/';
  if (typeof path !== 'string' || !/^\/([!-~]+\/)?$/.test(path))
    throw new TemplateError(`a Path begins and ends with a slash; got ${JSON.stringify(path)}`);
  return path;
}
