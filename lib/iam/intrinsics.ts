import { TemplateError } from './template-yaml.ts';

/** What the functions of a template refer to. */
export interface Scope {
  /** The value of a parameter, a pseudo parameter or a resource's Ref; undefined for what there is none. */
  readonly ref: (name: string) => unknown;
  readonly getAtt: (resource: string, attribute: string) => unknown;
  readonly condition: (name: string) => boolean;
  readonly mapping: (map: string, top: string, second: string) => unknown;
}

/** Stands for what `!Ref AWS::NoValue` leaves out. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, resolve: (value: unknown) => unknown, scope: Scope, where: string) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, _, scope, where) => refer(text(argument, where), scope, where),
  'Fn::GetAtt': (argument, resolve, scope, where) => {
    const [resource, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument, where);
    const name = attribute.map((part) => text(resolve(part), where)).join('.');
    const value = scope.getAtt(text(resource, where), name);
    if (value === undefined) throw new TemplateError(`${where}: there is no ${String(resource)}.${name} to get`);
    return value;
  },
  'Fn::Sub': (argument, resolve, scope, where) => {
    const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
    const variables = fields(given ?? {}, where);
    return text(template, where).replace(/\$\{(!?)([^}]*)\}/g, (whole, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      const key = name.trim();
      if (key === '') throw new TemplateError(`${where}: ${whole} names nothing`);
      if (Object.hasOwn(variables, key)) return text(resolve(variables[key]), where);
      const dot = key.indexOf('.');
      const value = dot < 0 ? refer(key, scope, where) : resolve({ 'Fn::GetAtt': [key.slice(0, dot), key.slice(dot + 1)] });
      return text(value, where);
    });
  },
  'Fn::Join': (argument, resolve, _, where) => {
    const [separator, values] = pair(argument, where);
    return list(resolve(values), where)
      .map((value) => text(value, where))
      .join(text(separator, where));
  },
  'Fn::Split': (argument, resolve, _, where) => {
    const [separator, value] = pair(argument, where);
    return text(resolve(value), where).split(text(separator, where));
  },
  'Fn::Select': (argument, resolve, _, where) => {
    const [index, values] = pair(argument, where);
    const chosen = list(resolve(values), where)[Number(resolve(index))];
    if (chosen === undefined) throw new TemplateError(`${where}: Fn::Select finds nothing at ${JSON.stringify(index)}`);
    return chosen;
  },
  'Fn::If': (argument, resolve, scope, where) => {
    const [name, yes, no] = list(argument, where);
    return resolve(scope.condition(text(name, where)) ? yes : no);
  },
  'Fn::FindInMap': (argument, resolve, scope, where) => {
    const [map, top, second] = list(argument, where).map((part) => text(resolve(part), where));
    const value = scope.mapping(map ?? '', top ?? '', second ?? '');
    if (value === undefined) throw new TemplateError(`${where}: there is no ${map}, ${top}, ${second} in Mappings`);
    return value;
  },
};

const TESTS: Readonly<Record<string, Intrinsic>> = {
  Condition: (argument, _, scope, where) => scope.condition(text(argument, where)),
  'Fn::Equals': (argument, resolve, _, where) => {
    const [left, right] = pair(argument, where);
    return String(resolve(left)) === String(resolve(right));
  },
  'Fn::Not': (argument, resolve, _, where) => !truth(resolve(list(argument, where)[0]), where),
  'Fn::And': (argument, resolve, _, where) => list(argument, where).every((one) => truth(resolve(one), where)),
  'Fn::Or': (argument, resolve, _, where) => list(argument, where).some((one) => truth(resolve(one), where)),
};

/** Replaces every function in a value by what it comes to. A function that is not known here is an error. */
export function resolveValue(value: unknown, scope: Scope, where: string): unknown {
  const resolved = walk(value, INTRINSICS, scope, where);
  return resolved === NO_VALUE ? undefined : resolved;
}

/** The same for the Conditions section, which has functions of its own. */
export function resolveCondition(value: unknown, scope: Scope, where: string): boolean {
  return truth(walk(value, { ...INTRINSICS, ...TESTS }, scope, where), where);
}

function walk(value: unknown, functions: Readonly<Record<string, Intrinsic>>, scope: Scope, where: string): unknown {
  const resolve = (inner: unknown) => walk(inner, functions, scope, where);
  if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined) {
    const intrinsic = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (intrinsic !== undefined) return intrinsic(argument, resolve, scope, where);
    if (name.startsWith('Fn::'))
      throw new TemplateError(`${where}: ${name} is not understood here; there are ${Object.keys(functions).join(', ')}`);
  }
  return Object.fromEntries(
    entries
      .map(([key, inner]) => [key, walk(inner, functions, scope, `${where}.${key}`)] as const)
      .filter(([, inner]) => inner !== NO_VALUE),
  );
}

function refer(name: string, scope: Scope, where: string): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const value = scope.ref(name);
  if (value === undefined) throw new TemplateError(`${where}: there is no parameter or resource ${name}`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${where}: text is needed; got ${JSON.stringify(value) ?? String(value)}`);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${where}: a list is needed; got ${JSON.stringify(value) ?? String(value)}`);
}

function pair(value: unknown, where: string): readonly [unknown, unknown] {
  const [first, second, ...more] = list(value, where);
  if (second === undefined || more.length > 0) throw new TemplateError(`${where}: two values are needed; got ${JSON.stringify(value)}`);
  return [first, second];
}

function truth(value: unknown, where: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new TemplateError(`${where}: a condition is needed; got ${JSON.stringify(value) ?? String(value)}`);
}

function fields(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  throw new TemplateError(`${where}: a map is needed; got ${JSON.stringify(value) ?? String(value)}`);
}
