import type { Template } from './package-service.ts';

/** Chains of resources of which each refers to the next and the last to the first: CloudFormation refuses to make those. */
export function circlesOf({ Resources }: Pick<Template, 'Resources'>): string[][] {
  const needs = new Map(
    Object.entries(Resources).map(([id, { DependsOn, Properties }]) => [
      id,
      [...new Set([...[DependsOn ?? []].flat(), ...referred(Properties)])].filter((to) => to in Resources),
    ]),
  );
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (id: string, path: readonly string[]): void => {
    const from = path.indexOf(id);
    if (from >= 0) return void circles.push([...path.slice(from), id]);
    if (done.has(id)) return;
    for (const next of needs.get(id) ?? []) walk(next, [...path, id]);
    done.add(id);
  };
  for (const id of needs.keys()) walk(id, []);
  return circles;
}

/** Logical ids that Ref, GetAtt and Sub name, at any depth. */
function referred(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referred);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') {
      const [text, ...others] = [inner].flat();
      return [...[...String(text).matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, id]) => id ?? ''), ...referred(others)];
    }
    return referred(inner);
  });
}
