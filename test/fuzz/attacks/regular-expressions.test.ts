import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from 'scslre';
import ts from 'typescript';
import { expect, test } from 'vitest';

interface Found {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** What is compiled from text that is not in the program itself, with what bounds it. */
const FROM_TEXT: Readonly<Record<string, string>> = {
  'lib/iam/template-parameters.ts': 'the AllowedPattern of a template of ours; only the stand-in of a local run reads templates',
  'lib/aws/environment-profile.ts': 'the names of four elements that STS answers with, listed in the program',
  'lib/iam-policies/scoped-names.ts': 'a label of DNS, and the domain of a partition, both of a list in the program',
};

/**
 * Super-linear, and where the text that reaches it is so short, or so much ours, that it does not matter: the reason why.
 * Nothing that a stranger can send belongs here.
 */
const OWN_FILE = 'a line of the AWS profile file of whoever runs the command, on their own machine';
const OWN_TEMPLATE = 'text of IAM documents and templates, which the stand-in of a local run reads and no function does';
const OWN_URL = 'a URL that the operator or the user configured for themselves';
const OWN_NUMBER = 'digits of one number, as the language prints it: 25 characters at most';
const BOUNDED: Readonly<Record<string, string>> = {
  '^\\s*\\[\\s*([^\\]]+?)\\s*\\]$': OWN_FILE,
  '^profile\\s+["\']?(.+?)["\']?$': OWN_FILE,
  '^([\\w-]+)\\s*=\\s*(.*)$': OWN_FILE,
  '^(true|false|.*\\$\\{.*\\}.*)$': OWN_TEMPLATE,
  "^(.*?)\\s*,\\s*'(.*)'$": OWN_TEMPLATE,
  '\\/+$': OWN_URL,
  'e.*$': OWN_NUMBER,
  '0+$': OWN_NUMBER,
};

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));

function expressionsOf(file: string): { readonly literals: Found[]; readonly fromText: string[] } {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const literals: Found[] = [];
  const fromText: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      literals.push({ where: `${file}:${line + 1}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp')
      fromText.push(file);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { literals, fromText };
}

const all = [...files('lib'), ...files('functions')].map(expressionsOf);
const literals = all.flatMap((each) => each.literals);

test('the program has regular expressions, and this test sees them', () => {
  expect(literals.length).toBeGreaterThan(100);
  expect(literals.map(({ source }) => source)).toContain('^[a-z][a-z0-9-]{0,62}$');
});

test('the analysis knows one that backtracks', () => {
  expect(analyse({ source: '^(a+)+$', flags: '' }).reports.length).toBeGreaterThan(0);
  expect(analyse({ source: '^\\d*\\w+#$', flags: '' }).reports.length).toBeGreaterThan(0);
});

test('none takes more than linear time, however its text is made, but those with a reason', () => {
  const slow = literals.flatMap(({ where, source, flags }) => {
    const { reports } = analyse({ source, flags });
    return reports.length === 0 || BOUNDED[source] !== undefined
      ? []
      : [
          `${where} /${source}/${flags}: ${reports.map(({ type, exponential, character }) => `${exponential ? 'exponential' : 'polynomial'} (${type}) in ${character.literal.source}`).join('; ')}`,
        ];
  });
  expect(slow).toEqual([]);
});

test('no reason outlives its expression', () => {
  const sources = new Set(literals.map(({ source }) => source));
  expect(Object.keys(BOUNDED).filter((source) => !sources.has(source))).toEqual([]);
});

test('none is made of text that comes from outside', () => {
  const found = [...new Set(all.flatMap((each) => each.fromText))];
  expect(found.filter((file) => FROM_TEXT[file] === undefined)).toEqual([]);
});

/** What each of them begins to match and then does not: repeated characters of every class, and an end that fits nothing. */
const LONG = 4_000;
const pathological = [
  'a',
  '0',
  ' ',
  '#',
  '/',
  ':',
  '-',
  '.',
  ',',
  '"',
  '*',
  '~',
  'é',
  '\u0000',
  '{',
  '%',
  '=',
  '\n',
  'a#',
  'a/',
  '0:',
  'a.',
  ': ',
  '-a',
  'a,',
  '${',
  '*/1,',
].flatMap((unit) => {
  const run = unit.repeat(Math.ceil(LONG / unit.length));
  return [`${run}\u0001`, `arn:aws:iam::111122223333:role/${run}\u0001`, `sl1.${run}.`, `a${run}`];
});

test('every one of them comes to an end on long runs of what it likes', () => {
  for (const { source, flags } of literals) {
    const expression = new RegExp(source, flags.replace(/[gy]/g, ''));
    for (const text of pathological) expression.test(text);
  }
  expect(pathological.length).toBeGreaterThan(100);
}, 60_000);
