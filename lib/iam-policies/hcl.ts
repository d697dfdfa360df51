import type { Json } from '../customer-templates/template-text.ts';

/** A value of Terraform's language, written as `terraform fmt` writes it; `indent` is that of the line that it begins on. */
export function hclValue(value: Json, indent = ''): string {
  if (typeof value === 'string') return hclText(value);
  if (typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one) => `${inner}${hclValue(one, inner)},\n`).join('')}${indent}]`;
  }
  return `{\n${hclAttributes(Object.entries(value), inner)}${indent}}`;
}

/** Attributes, one a line: equals signs of neighbours that fit on a line each stand below each other. */
export function hclAttributes(entries: readonly (readonly [string, Json | undefined])[], indent: string): string {
  const rows = entries.flatMap(([key, value]) => (value === undefined ? [] : [{ key: hclKey(key), text: hclValue(value, indent) }]));
  return rows.map((row, i) => `${indent}${row.key.padEnd(widthAt(rows, i))} = ${row.text}\n`).join('');
}

function widthAt(rows: readonly { readonly key: string; readonly text: string }[], at: number): number {
  const alone = (i: number) => rows[i]?.text.includes('\n') !== false;
  if (alone(at)) return 0;
  let from = at;
  let to = at;
  while (!alone(from - 1)) from--;
  while (!alone(to + 1)) to++;
  return Math.max(...rows.slice(from, to + 1).map(({ key }) => key.length));
}

/** Text in quotes. A dollar or percent sign before a brace would begin a template. */
export const hclText = (text: string): string => JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');

const hclKey = (key: string): string => (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? key : hclText(key));
const isList = (value: object): value is readonly Json[] => Array.isArray(value);
