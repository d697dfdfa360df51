import { Document, type Node, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** What a template is made of; a map with one intrinsic function in it is that function. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Intrinsic functions that have a short form here: `{ Ref: 'X' }` is written `!Ref X`. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  Ref: '!Ref',
  'Fn::Sub': '!Sub',
  'Fn::GetAtt': '!GetAtt',
  'Fn::If': '!If',
  'Fn::Equals': '!Equals',
};

/** Writes a template as people write them: short forms of functions, `comment` on top, top-level sections apart. */
export function templateText(template: Json, comment: string): string {
  const document = new Document();
  const contents = nodeOf(template);
  if (contents instanceof YAMLMap) {
    contents.items.forEach((pair, i) => {
      if (i > 0 && pair.key instanceof Scalar && pair.key.value !== 'Description') pair.key.spaceBefore = true;
    });
  }
  document.contents = contents;
  document.commentBefore = comment;
  // A string is never broken over lines: what is searched for is found, and a change is one changed line.
  return document.toString({ lineWidth: 0, singleQuote: true });
}

function nodeOf(value: Json): Node {
  if (Array.isArray(value)) return sequence(value);
  if (typeof value !== 'object') return scalar(value);
  const entries = Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, inner] as const]));
  const [first] = entries;
  const tag = entries.length === 1 && first !== undefined ? SHORT_FORMS[first[0]] : undefined;
  if (tag !== undefined && first !== undefined) {
    const [name, argument] = first;
    const node = nodeOf(name === 'Fn::GetAtt' && Array.isArray(argument) ? argument.join('.') : argument);
    node.tag = tag;
    if (node instanceof YAMLSeq && node.items.every((item) => item instanceof Scalar)) node.flow = true;
    return node;
  }
  const map = new YAMLMap();
  for (const [key, inner] of entries) map.add({ key: scalar(key), value: nodeOf(inner) });
  return map;
}

function sequence(values: readonly Json[]): Node {
  const node = new YAMLSeq();
  for (const value of values) node.add(nodeOf(value));
  return node;
}

/** Quoted where a reader of YAML 1.1, as CloudFormation has one, could take text for something else. */
function scalar(value: string | number | boolean): Scalar {
  const node = new Scalar(value);
  if (typeof value === 'string' && (/^(yes|no|on|off|true|false|null|~|[0-9].*)$/i.test(value) || /[:*${}]/.test(value))) {
    node.type = 'QUOTE_SINGLE';
  }
  return node;
}
