import { readTemplateYaml } from '../../lib/iam/template-yaml.ts';
import type { Template } from './package-service.ts';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties?: unknown }>>;

/** What a deployment consists of, in a form in which two templates that make the same are equal. */
export interface Deployed {
  readonly functions: readonly unknown[];
  readonly triggers: readonly unknown[];
  readonly permissions: readonly unknown[];
  readonly roles: readonly unknown[];
  readonly others: readonly unknown[];
}

const kinds: Readonly<Record<string, Exclude<keyof Deployed, 'others'>>> = {
  'AWS::Lambda::Function': 'functions',
  'AWS::Serverless::Function': 'functions',
  'AWS::Events::Rule': 'triggers',
  'AWS::Lambda::EventSourceMapping': 'triggers',
  'AWS::Lambda::EventInvokeConfig': 'triggers',
  'AWS::Lambda::Url': 'triggers',
  'AWS::Lambda::Permission': 'permissions',
  'AWS::IAM::Role': 'roles',
};

/** Where the code lies is each tool's own business; a tag that says who deployed is, too. */
const OWN = new Set(['Code', 'CodeUri', 'Handler', 'DependsOn', 'lambda:createdBy']);

/**
 * Cuts a template down to what it deploys as `stage`: logical ids of functions, roles and the like stay, since others refer to
 * them; Sub and Ref of the stage are resolved; functions of SAM read as those of CloudFormation; order does not matter.
 */
export function deployed(template: { readonly Resources: Resources }, stage: string): Deployed {
  const found = { functions: [], triggers: [], permissions: [], roles: [], others: [] } as { [kind in keyof Deployed]: unknown[] };
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (id.startsWith('ServerlessDeploymentBucket')) continue;
    const kind = kinds[resource.Type] ?? 'others';
    const type = resource.Type.replace('AWS::Serverless::', 'AWS::Lambda::');
    found[kind].push(canonical({ id, type, condition: resource.Condition, properties: resource.Properties }, stage));
  }
  for (const list of Object.values(found)) list.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  return found;
}

function canonical(value: unknown, stage: string): unknown {
  if (Array.isArray(value)) return value.map((one) => canonical(one, stage));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const [[key, inner] = ['', undefined]] = fields;
  if (fields.length === 1 && key === 'Ref' && inner === 'Stage') return stage;
  if (fields.length === 1 && key === 'Fn::Sub' && typeof inner === 'string') {
    const text = inner.replaceAll('${Stage}', stage);
    return text.includes('${') ? { 'Fn::Sub': text } : text;
  }
  const sorted = fields.filter(([name]) => !OWN.has(name)).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return Object.fromEntries(sorted.map(([name, one]) => [name, name === 'Tags' ? tags(one, stage) : canonical(one, stage)]));
}

/** A list of keys and values, or a map. */
function tags(value: unknown, stage: string): unknown {
  const pairs: [string, unknown][] = Array.isArray(value) ? value.map(({ Key, Value }) => [Key, Value]) : Object.entries(Object(value));
  return pairs.filter(([key]) => !OWN.has(key)).map(([key, one]) => [key, canonical(one, stage)]);
}

/** A template of a file, short forms of intrinsic functions read as long ones. */
export function readTemplate(text: string): Template {
  const template = readTemplateYaml(text);
  if (!isTemplate(template)) throw new Error('this is no template: it has no Resources');
  return template;
}

const isTemplate = (value: unknown): value is Template => typeof value === 'object' && value !== null && 'Resources' in value;
