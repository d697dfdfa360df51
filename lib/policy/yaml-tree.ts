import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { limits } from './limits.ts';

/** Where something stands in the file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Scalar = string | number | boolean | null;
export interface Entry {
  readonly key: string;
  readonly at: Position;
  readonly value: Tree;
}
/** What a YAML document says, with the place of every node. An alias is the very tree that its anchor names. */
export type Tree =
  | { readonly kind: 'map'; readonly at: Position; readonly entries: readonly Entry[] }
  | { readonly kind: 'list'; readonly at: Position; readonly items: readonly Tree[] }
  /** `text` is what the file says, cut; `value` is what YAML 1.2 makes of it. */
  | { readonly kind: 'scalar'; readonly at: Position; readonly value: Scalar; readonly text: string };

/** Something that is wrong with the YAML itself. */
export interface YamlFault {
  readonly at: Position;
  readonly path: string;
  readonly rule: 'yaml' | 'duplicate-key' | 'limit';
  readonly value: string | null;
  readonly message: string;
}

const maxDepth = 32;
const maxFaults = 50;

/**
 * Reads one YAML 1.2 document. Never throws. The tree is given even where keys are doubled (the
 * first of them counts), so that the other mistakes of a file are found too; it is absent where the
 * text is no YAML.
 */
export function readYaml(text: string): { readonly tree?: Tree; readonly faults: readonly YamlFault[] } {
  const start = { line: 1, column: 1 };
  if (Buffer.byteLength(text) > limits.fileBytes) {
    return {
      faults: [
        {
          at: start,
          path: '',
          rule: 'limit',
          value: null,
          message: 'the file is over 1 MB: split it, one customer or a part of the services in each',
        },
      ],
    };
  }
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: lines,
    prettyErrors: false,
    // The library compares every key with every other; a set does the same in `Conversion`, in linear time.
    uniqueKeys: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const yamlFault = (offset: number, message: string): YamlFault => ({
    at: positionOf(offset),
    path: '',
    rule: 'yaml',
    value: null,
    message,
  });
  const faults = document.errors.slice(0, maxFaults).map((error) => yamlFault(error.pos[0], describe(error)));
  if (faults.length > 0) return { faults };
  faults.push(
    ...document.warnings
      .slice(0, maxFaults)
      .map((warning) => yamlFault(warning.pos[0], `${warning.message}: tags have no meaning here, leave it out`)),
  );
  if (document.directives?.yaml.version !== '1.2') {
    faults.push(
      yamlFault(
        0,
        'this is read as YAML 1.2: leave the %YAML line out, since with 1.1 `on` and `off` are booleans and 18:00 is the number 1080',
      ),
    );
    return { faults };
  }
  const { tree, nodes } = convert(document, positionOf, faults);
  if (nodes <= limits.nodes) return { tree, faults };
  faults.push({
    at: start,
    path: '',
    rule: 'limit',
    value: null,
    message: `aliases repeat so much that the file has over ${limits.nodes} values: write fewer`,
  });
  return { faults };
}

function describe(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'RESOURCE_EXHAUSTION') return `nested too deeply: at most ${maxDepth} levels`;
  if (error.code === 'MULTIPLE_DOCS')
    return 'a second document begins here: one file holds one customer, so write the second into a file of its own';
  if (error.code === 'NON_STRING_KEY') return 'a key has to be plain text';
  if (error.code === 'TAB_AS_INDENT') return 'YAML is not indented with tabs: use spaces';
  return `not YAML: ${error.message}`;
}

/** Own trees instead of the library's nodes: each anchor is converted once, however often it is used. */
function convert(
  document: Document.Parsed,
  positionOf: (offset: number) => Position,
  faults: YamlFault[],
): { readonly tree: Tree; readonly nodes: number } {
  const anchors = new Map<string, Tree | 'open'>();
  /** Values in a tree, each as often as it is repeated: grows exponentially where aliases hold aliases. */
  const sizes = new WeakMap<Tree, number>();
  const sizeOf = (tree: Tree) => sizes.get(tree) ?? 1;
  const nothing = (at: Position): Tree => ({ kind: 'scalar', at, value: null, text: '' });
  const fault = (at: Position, path: string, rule: YamlFault['rule'], value: string | null, message: string) => {
    if (faults.length < maxFaults) faults.push({ at, path, rule, value, message });
  };

  const ofAlias = (name: string, at: Position, path: string): Tree => {
    const target = anchors.get(name);
    if (target !== undefined && target !== 'open') return target;
    fault(
      at,
      path,
      'yaml',
      `*${name}`,
      target === 'open' ? `*${name} stands inside of what it names` : `nothing before this line is marked &${name}`,
    );
    return nothing(at);
  };

  const ofPairs = (pairs: readonly Pair[], path: string, depth: number): Entry[] => {
    const entries: Entry[] = [];
    const seen = new Map<string, Position>();
    for (const pair of pairs) {
      const { key: keyNode } = pair;
      if (!isScalar(keyNode) || typeof keyNode.value !== 'string') continue;
      const key = keyNode.value;
      const at = positionOf(keyNode.range?.[0] ?? 0);
      const keyPath = path === '' ? key : `${path}.${key}`;
      const first = seen.get(key);
      if (first) fault(at, keyPath, 'duplicate-key', key, `\`${key}\` is here for the second time: the first is in line ${first.line}`);
      const value = ofNode(pair.value as Node | null, at, keyPath, depth + 1);
      if (!first) entries.push({ key, at, value });
      seen.set(key, first ?? at);
    }
    return entries;
  };

  const ofNode = (node: Node | null | undefined, parentAt: Position, path: string, depth: number): Tree => {
    if (!node) return nothing(parentAt);
    const at = node.range ? positionOf(node.range[0]) : parentAt;
    if (depth > maxDepth) {
      fault(at, path, 'limit', null, `nested too deeply: at most ${maxDepth} levels`);
      return nothing(at);
    }
    if (isAlias(node)) return ofAlias(node.source, at, path);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, 'open');
    const tree: Tree = isMap(node)
      ? { kind: 'map', at, entries: ofPairs(node.items, path, depth) }
      : isSeq(node)
        ? { kind: 'list', at, items: node.items.map((item, index) => ofNode(item as Node, at, `${path}[${index}]`, depth + 1)) }
        : ofScalar(node, at);
    if (anchor !== undefined) anchors.set(anchor, tree);
    const children = tree.kind === 'map' ? tree.entries.map(({ value }) => value) : tree.kind === 'list' ? tree.items : [];
    sizes.set(
      tree,
      children.reduce((sum, child) => sum + sizeOf(child), 1),
    );
    return tree;
  };
  const tree = ofNode(document.contents, { line: 1, column: 1 }, '', 0);
  return { tree, nodes: sizeOf(tree) };
}

function ofScalar(node: Node, at: Position): Tree {
  if (!isScalar(node)) return { kind: 'scalar', at, value: null, text: '' };
  const { value } = node;
  const text = node.source ?? String(value ?? '');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { kind: 'scalar', at, value, text };
  return { kind: 'scalar', at, value: null, text };
}
