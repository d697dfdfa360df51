import { nearestWord } from './nearest-word.ts';
import { kindOf } from './read-value.ts';
import type { Place, Review } from './review.ts';

/** The entries of a map whose keys are known. */
export interface Fields<Key extends string> {
  readonly place: Place;
  get(key: Key): Place | undefined;
  /** Reports it when it is missing. */
  required(key: Key, what: string): Place | undefined;
}

/** Every entry of a map, as places, in the file's order. */
export function entriesOf(place: Place): { readonly key: string; readonly place: Place }[] {
  if (place.tree.kind !== 'map') return [];
  return place.tree.entries.map(({ key, at, value }) => ({
    key,
    place: { tree: value, path: place.path === '' ? key : `${place.path}.${key}`, keyAt: at },
  }));
}

/** Reads a map, or reports that it is none. */
export function readMap<Key extends string>(place: Place, review: Review, keys: readonly Key[], example: string): Fields<Key> | undefined {
  if (place.tree.kind !== 'map') return review.problem(place, 'type', `has to be a map such as ${example}, not ${kindOf(place)}`);
  const entries = entriesOf(place);
  for (const { key, place: value } of entries) {
    if (keys.some((known) => known === key)) continue;
    review.problemAt(value.keyAt, value.path, 'unknown-key', key, unknownKey(key, keys));
  }
  const byKey = new Map(entries.map(({ key, place: value }) => [key, value]));
  return {
    place,
    get: (key) => byKey.get(key),
    required(key, what) {
      const found = byKey.get(key);
      if (found) return found;
      const path = place.path === '' ? key : `${place.path}.${key}`;
      return review.problemAt(place.keyAt, path, 'required', null, `\`${key}\` is missing: ${what}`);
    },
  };
}

export function unknownKey(key: string, keys: readonly string[]): string {
  if (key === '<<') return 'YAML 1.2 has no merge keys: write the keys out, or use *name for a whole value';
  const near = nearestWord(key, keys);
  return `\`${key.slice(0, 60)}\` is no key here${near === undefined ? `: the keys are ${keys.join(', ')}` : `: did you mean \`${near}\`?`}`;
}

/** The items of a list of `min` to `max`, or reports that it is none. */
export function readList(
  place: Place,
  review: Review,
  { min, max, what }: { readonly min: number; readonly max: number; readonly what: string },
): Place[] | undefined {
  if (place.tree.kind !== 'list') return review.problem(place, 'type', `has to be a list of ${what}, not ${kindOf(place)}`);
  const { items } = place.tree;
  if (items.length < min || items.length > max)
    review.problem(place, 'range', `has to have ${min} to ${max} ${what}; here are ${items.length}`);
  return items.slice(0, max).map((tree, index) => ({ tree, path: `${place.path}[${index}]`, keyAt: tree.at }));
}
