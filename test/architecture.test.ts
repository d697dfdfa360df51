import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folders = ['functions', 'lib', 'bench'];

interface Import {
  readonly specifier: string;
  /** A file of ours, as a path from the root; undefined for packages and Node's own modules. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly tree: ts.SourceFile;
}

const sources: readonly Source[] = folders.flatMap((folder) => typescriptFilesIn(folder)).map(readSource);
const byPath = new Map(sources.map((source) => [source.path, source]));
const within = (...prefixes: string[]) =>
  sources.filter(({ path }) => prefixes.some((prefix) => path === prefix || path.startsWith(prefix)));
const outside = (...prefixes: string[]) => sources.filter((source) => !within(...prefixes).includes(source));

describe('the layers of docs/architecture.md', () => {
  test('the core imports nothing outside of its folder but types of the policy', () => {
    expect(
      forbiddenImports(
        within('lib/decide/'),
        (i) => i.file?.startsWith('lib/decide/') || (i.typeOnly && i.file === 'lib/policy/policy.ts'),
      ),
    ).toEqual([]);
  });

  // Types may point upward, code may not.
  test.each([
    ['lib/policy/', ['lib/decide/', 'lib/accounts/service-arn.ts', 'lib/clock.ts', 'lib/safe-parse.ts']],
    ['lib/reports/', ['lib/clock.ts']],
    ['lib/signals/', ['lib/reports/', 'lib/decide/', 'lib/policy/']],
    ['lib/tokens/', ['lib/random.ts']],
    ['lib/stores/', ['lib/decide/', 'lib/policy/', 'lib/reports/', 'lib/aws/aws-failure.ts', 'lib/clock.ts', 'lib/random.ts']],
    ['lib/accounts/', ['lib/aws/aws-failure.ts', 'lib/random.ts']],
    ['lib/iam/', []],
  ])('files of %s run nothing but what lies below them', (folder, below) => {
    const allowed = [folder, ...below];
    const fits = (i: Import) => i.typeOnly || i.file === undefined || allowed.some((prefix) => i.file?.startsWith(prefix));
    expect(forbiddenImports(within(folder), fits)).toEqual([]);
  });

  test('use cases reach AWS through ports: of lib/aws they know the kinds of failure alone', () => {
    const useCases = within(
      ...['ingest', 'evaluate', 'scale', 'tick', 'collect', 'discover', 'doctor', 'admin'].map((folder) => `lib/${folder}/`),
    );
    expect(forbiddenImports(useCases, (i) => !/^lib\/(aws|local|cli)\//.test(i.file ?? '') || i.file === 'lib/aws/aws-failure.ts')).toEqual(
      [],
    );
  });

  test('only lib/aws imports the AWS SDK', () => {
    const sdk = /^@(aws-sdk|smithy)\//;
    expect(forbiddenImports(outside('lib/aws/', 'bench/'), (i) => !sdk.test(i.specifier) || i.typeOnly)).toEqual([]);
  });

  test('what a function bundles never reaches the local run, the command line, yaml or a calendar library', () => {
    const reached = [...new Set(within('functions/').flatMap(({ path }) => reachable(path)))];
    expect(reached.filter((path) => /^lib\/(local|cli)\//.test(path))).toEqual([]);
    const heavy = new Set(['yaml', 'luxon', 'croner', 'commander', 'express', 'dynalite', 'judoscale-express', 'judoscale-node-core']);
    const imports = reached.flatMap((path) => (byPath.get(path)?.imports ?? []).map((i) => ({ path, ...i })));
    expect(imports.filter((i) => !i.typeOnly && heavy.has(i.specifier)).map((i) => `${i.path} imports ${i.specifier}`)).toEqual([]);
  });

  test('handlers are wiring: at most 40 lines', () => {
    expect(
      within('functions/')
        .filter(({ lines }) => lines > 40)
        .map(({ path, lines }) => `${path} has ${lines} lines`),
    ).toEqual([]);
  });
});

describe('what comes in from outside', () => {
  test("the environment is read by lib/config.ts, for the functions, and by what runs on a person's machine", () => {
    const allowed = outside('lib/config.ts', 'lib/local/', 'lib/cli/', 'lib/aws/lambda-credentials.ts', 'functions/', 'bench/');
    expect(mentions(allowed, (node) => ts.isPropertyAccessExpression(node) && node.getText() === 'process.env')).toEqual([]);
  });

  test('the clock and chance are read at the edge only', () => {
    const core = outside('lib/clock.ts', 'lib/random.ts', 'lib/local/', 'lib/cli/', 'bench/');
    const reads = (node: ts.Node) =>
      (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) ||
      (ts.isCallExpression(node) && ['Date.now', 'Math.random', 'performance.now', 'Date'].includes(node.expression.getText()));
    expect(mentions(core, reads)).toEqual([]);
  });

  test('nothing foreign is cast: no `as any`, no `as unknown as`', () => {
    const casts = (node: ts.Node) =>
      ts.isAsExpression(node) && (node.type.kind === ts.SyntaxKind.AnyKeyword || ts.isAsExpression(node.expression));
    expect(mentions(sources, casts)).toEqual([]);
  });

  test('no result of JSON.parse is cast', () => {
    const cast = (node: ts.Node) =>
      ts.isAsExpression(node) && /^JSON\.parse\(/.test(node.expression.getText()) && node.type.kind !== ts.SyntaxKind.UnknownKeyword;
    expect(mentions(sources, cast)).toEqual([]);
  });
});

describe('how files are made', () => {
  test('no drawers: no file is named utils, helpers, common, misc or index', () => {
    const drawers = /^(utils?|helpers?|common|misc|shared|index)\.ts$/;
    expect(
      outside('bench/index.ts')
        .filter(({ path }) => drawers.test(basename(path)))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  test('no barrels: no file passes on all that another exports', () => {
    expect(
      mentions(sources, (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && node.exportClause === undefined),
    ).toEqual([]);
  });

  test('no file is longer than 300 lines; most have half of that or less', () => {
    expect(sources.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path} has ${lines} lines`)).toEqual([]);
  });

  test('properties draw with the seed of the run: fast-check comes from test/builders/fast-check.ts', () => {
    const drawing = typescriptFilesIn('test')
      .map(readSource)
      .filter(({ imports }) => imports.some((i) => i.specifier === 'fast-check'));
    expect(drawing.map(({ path }) => path)).toEqual(['test/builders/fast-check.ts']);
  });

  test('tests use fakes: none mocks a module of ours', () => {
    const mocks = typescriptFilesIn('test')
      .map(readSource)
      .flatMap((source) =>
        mentions([source], (node) => ts.isCallExpression(node) && /^vi\.(mock|doMock)$/.test(node.expression.getText())),
      );
    expect(mocks).toEqual([]);
  });
});

function typescriptFilesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path))
    .sort();
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const file = specifier.startsWith('.') ? relative(root, resolve(root, dirname(path), specifier)) : undefined;
    imports.push({ specifier, file, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const named = clause?.namedBindings;
      const allTypes =
        named !== undefined && ts.isNamedImports(named) && named.elements.length > 0 && named.elements.every((e) => e.isTypeOnly);
      add(node.moduleSpecifier.text, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || (allTypes && clause?.name === undefined));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) add(specifier.text, false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      add(node.argument.literal.text, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, lines: text.split('\n').length - 1, imports, tree };
}

/** "file imports what", for every import that the rule does not allow. */
function forbiddenImports(of: readonly Source[], allowed: (i: Import) => boolean | undefined): string[] {
  return of.flatMap(({ path, imports }) => imports.filter((i) => !allowed(i)).map((i) => `${path} imports ${i.specifier}`));
}

/** "file:line text", for every node that matches. */
function mentions(of: readonly Source[], matches: (node: ts.Node) => boolean): string[] {
  return of.flatMap(({ path, tree }) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (matches(node))
        found.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText().split('\n')[0]}`);
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  });
}

/** Our own files that run when `path` is loaded; imports of types alone do not run. */
function reachable(path: string): string[] {
  const seen = new Set<string>();
  const queue = [path];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const i of byPath.get(next)?.imports ?? []) if (!i.typeOnly && i.file !== undefined) queue.push(i.file);
  }
  return [...seen];
}
