import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** What a template is wrong about, and where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Reads a CloudFormation template in YAML (or JSON, which is YAML too) into plain values. Short forms
 * of the intrinsic functions become their long ones: `!Sub x` is `{ "Fn::Sub": "x" }`, `!GetAtt A.B`
 * is `{ "Fn::GetAtt": ["A", "B"] }`.
 */
export function readTemplateYaml(text: string): unknown {
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true });
  const broken = document.errors[0];
  if (broken !== undefined) throw new TemplateError(`the template is not YAML: ${broken.message}`);
  return toValue(document.contents, document);
}

function toValue(node: unknown, document: Document.Parsed): unknown {
  if (isAlias(node)) return toValue(node.resolve(document), document);
  const plain = isMap(node)
    ? Object.fromEntries(node.items.map((pair) => [String(toValue(pair.key, document)), toValue(pair.value, document)]))
    : isSeq(node)
      ? node.items.map((item) => toValue(item, document))
      : isScalar(node)
        ? node.value
        : null;
  return isNode(node) && node.tag?.startsWith('!') === true && !node.tag.startsWith('!!') ? longForm(node.tag.slice(1), plain) : plain;
}

function longForm(name: string, value: unknown): unknown {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

function isNode(node: unknown): node is Node {
  return isMap(node) || isSeq(node) || isScalar(node);
}

export type Fields = Readonly<Record<string, unknown>>;

/** A map of maps, or a `TemplateError` that names the place. */
export function eachFields(value: unknown, where: string): Readonly<Record<string, Fields>> {
  return Object.fromEntries(Object.entries(asFields(value, where)).map(([key, inner]) => [key, asFields(inner, `${where}.${key}`)]));
}

/** A map, or a `TemplateError` that names the place. */
export function asFields(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  throw new TemplateError(`${where}: a map is needed; got ${JSON.stringify(value)}`);
}
