import type { Draw } from '../draw/draw.ts';
import { anyValue, HOSTILE_KEYS, ownKeys } from '../draw/hostile.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The same value with one place in it changed: replaced, left out, doubled, renamed or added to. The value given stays as it is. */
export function mutateJson(draw: Draw, value: unknown): unknown {
  if (!isObject(value) || draw.oneIn(12)) return anyValue(draw);
  if (Array.isArray(value)) {
    const list: unknown[] = [...value];
    const at = draw.below(list.length + 1);
    switch (draw.below(5)) {
      case 0:
        list.splice(at, 1);
        break;
      case 1:
        list.splice(at, 0, anyValue(draw));
        break;
      case 2:
        if (list.length > 0) list.splice(at, 0, list[draw.below(list.length)]);
        break;
      default:
        if (at < list.length) list[at] = mutateJson(draw, list[at]);
    }
    return list;
  }
  const entries: [string, unknown][] = Object.entries(value);
  const at = draw.below(entries.length + 1);
  const entry = entries[at];
  switch (draw.below(6)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.splice(at, 0, [draw.pick(HOSTILE_KEYS), anyValue(draw)]);
      break;
    case 2:
      if (entry) entries[at] = [draw.pick(HOSTILE_KEYS), entry[1]];
      break;
    default:
      if (entry) entries[at] = [entry[0], mutateJson(draw, entry[1])];
  }
  return ownKeys(entries);
}

/** `times` changes, one after the other. */
export function mutateJsonOften(draw: Draw, value: unknown, times: number): unknown {
  let changed = value;
  for (let i = 0; i < times; i++) changed = mutateJson(draw, changed);
  return changed;
}
