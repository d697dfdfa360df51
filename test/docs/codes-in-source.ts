import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * Every code that the sources of a folder give as `code`, whichever way: as a property, a variable, a member of a type, or a word
 * that such an expression chooses between; a constant that stands there is looked up by its name. Found in the sources, so that
 * no list of them can be forgotten.
 * @param but files that are left alone.
 */
export function codesInSource(folder: string, but: RegExp): Map<string, string> {
  // A map from a kind of code counts as well: its type names what it is.
  const isCode = (name: ts.Node | undefined): boolean =>
    name !== undefined &&
    (ts.isIdentifier(name) ? /codes?$/i.test(name.text) : ts.isTypeReferenceNode(name) && /Code\b/.test(name.getText()));
  const trees = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !but.test(name))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
    // A file that does not so much as speak of a code gives none, and most do not.
    .filter(([, text]) => /code/i.test(text))
    .map(([name, text]) => [name, ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)] as const);
  const constants = new Map<string, string>();
  /** Functions that are given a code, and at which place. */
  const takers = new Map<string, number>();
  const each = (visit: (node: ts.Node, file: string) => void) => {
    for (const [file, tree] of trees) {
      const walk = (node: ts.Node): void => {
        visit(node, file);
        ts.forEachChild(node, walk);
      };
      walk(tree);
    }
  };
  each((node, file) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer && ts.isStringLiteral(node.initializer))
      constants.set(node.name.text, node.initializer.text);
    const named = ts.isFunctionDeclaration(node) ? node : ts.isVariableDeclaration(node) ? node : undefined;
    const made = ts.isFunctionDeclaration(node) ? node : ts.isVariableDeclaration(node) ? node.initializer : undefined;
    if (named?.name && ts.isIdentifier(named.name) && made && (ts.isFunctionDeclaration(made) || ts.isArrowFunction(made))) {
      const place = made.parameters.findIndex(({ name }) => isCode(name));
      if (place >= 0) takers.set(`${file} ${named.name.text}`, place);
    }
  });
  const found = new Map<string, string>();
  const keep = (word: string | undefined, file: string) => {
    if (word !== undefined && /^[A-Z][a-z]+([A-Z][a-z]+)*$/.test(word) && !found.has(word)) found.set(word, file);
  };
  const words = (node: ts.Node | undefined, file: string): void => {
    if (node === undefined) return;
    if (ts.isStringLiteral(node)) keep(node.text, file);
    else if (ts.isIdentifier(node)) keep(constants.get(node.text), file);
    else if (ts.isConditionalExpression(node)) for (const one of [node.whenTrue, node.whenFalse]) words(one, file);
    else if (ts.isBinaryExpression(node)) for (const one of [node.left, node.right]) words(one, file);
    else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) words(node.expression, file);
    else if (ts.isLiteralTypeNode(node)) words(node.literal, file);
    else if (ts.isObjectLiteralExpression(node))
      for (const one of node.properties.filter(ts.isPropertyAssignment)) words(one.initializer, file);
    else if (ts.isUnionTypeNode(node)) for (const one of node.types) words(one, file);
  };
  each((node, file) => {
    if (ts.isPropertyAssignment(node) && isCode(node.name)) words(node.initializer, file);
    else if (ts.isVariableDeclaration(node) && (isCode(node.name) || isCode(node.type))) words(node.initializer, file);
    else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      words(node.arguments[takers.get(`${file} ${node.expression.text}`) ?? -1], file);
    else if (ts.isPropertySignature(node) && isCode(node.name)) words(node.type, file);
    else if (ts.isTypeAliasDeclaration(node) && isCode(node.name)) words(node.type, file);
    else if (ts.isParameter(node) && isCode(node.name)) words(node.type, file);
  });
  return found;
}
