import type { Position, Tree } from './yaml-tree.ts';

const nowhere: Position = { line: 1, column: 1 };

/** Plain JSON as the tree that the readers of policy files read. It has no lines: paths say where. */
export function jsonTree(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'list', at: nowhere, items: value.map(jsonTree) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => ({ key, at: nowhere, value: jsonTree(each) }));
    return { kind: 'map', at: nowhere, entries };
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', at: nowhere, value: scalar, text: String(value) };
}
