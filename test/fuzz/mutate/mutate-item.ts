import type { Item, Value } from '../../../lib/stores/table.ts';
import type { Draw } from '../draw/draw.ts';
import { HOSTILE_KEYS, HOSTILE_NUMBERS, HOSTILE_TEXTS } from '../draw/hostile.ts';

type Attributes = { [name: string]: Value };

/** The item as something else than its store would leave it: attributes missing, of another type, of a foreign version, cut short. */
export function mutateItem(draw: Draw, item: Item): Item {
  const { pk, sk, ...rest } = item;
  let attributes: Attributes = { ...rest };
  for (let times = 1 + draw.below(3); times > 0; times--) attributes = changed(draw, attributes);
  return { ...attributes, ...(draw.oneIn(8) ? strangeKey(draw, { pk, sk }) : { pk, sk }) };
}

/** A key near the item's own, in which no store would write. */
function strangeKey(draw: Draw, { pk, sk }: { readonly pk: string; readonly sk: string }): { pk: string; sk: string } {
  const customer = pk.split('#')[0] ?? '';
  switch (draw.below(6)) {
    case 0:
      return { pk: pk.replace(customer, draw.pick(['~x', '~operator', '', 'ACME', 'a b', '__proto__'])), sk };
    case 1:
      return { pk, sk: draw.pick([`~${sk}`, `${sk}#`, `${sk}#x`, '#', sk.slice(1) || 'x', sk.toUpperCase(), `${sk}\u0000`]) };
    case 2:
      return { pk, sk: sk.replaceAll('#', '##') };
    case 3:
      return { pk, sk: sk.replace(/\d/g, '9') };
    default:
      return { pk, sk: `${sk.split('#')[0] ?? ''}#${draw.pick(['~x', 'x', '0', 'a#b', '__proto__'])}` };
  }
}

function changed(draw: Draw, attributes: Attributes): Attributes {
  const names = Object.keys(attributes);
  const name = names[draw.below(names.length)];
  if (name === undefined) return { schema: anyStored(draw) };
  const old = attributes[name];
  switch (draw.below(7)) {
    case 0: {
      const { [name]: _, ...without } = attributes;
      return without;
    }
    case 1:
      return { ...attributes, schema: draw.pick<Value>([0, 2, 99, -1, 0.5, 1e100, '1', null, true]) };
    case 2:
      return { ...attributes, [`s#${draw.pick(['web', 'x', '~', '#', '__proto__'])}`]: anyStored(draw) };
    case 3:
      return { ...attributes, [name]: anyStored(draw) };
    default:
      return old === undefined ? attributes : { ...attributes, [name]: within(draw, old) };
  }
}

/** The value changed in one place, however deep. */
function within(draw: Draw, value: Value): Value {
  if (typeof value === 'number')
    return draw.oneIn(3) ? anyStored(draw) : draw.pick([...HOSTILE_NUMBERS, value + 1, -value, value + 0.5, value * 1e6]);
  if (typeof value === 'string')
    return draw.oneIn(3)
      ? anyStored(draw)
      : draw.pick([
          value.slice(0, draw.below(value.length + 1)),
          `${value}x`,
          value.toUpperCase(),
          draw.pick(HOSTILE_TEXTS),
          mutatedJson(draw, value),
        ]);
  if (value instanceof Uint8Array) return bytesChanged(draw, value);
  if (typeof value !== 'object' || value === null) return anyStored(draw);
  if (Array.isArray(value)) {
    const list: Value[] = [...value];
    const at = draw.below(list.length + 1);
    if (draw.oneIn(4)) list.splice(at, 1);
    else if (draw.oneIn(4) || at === list.length) list.splice(at, 0, anyStored(draw));
    else list[at] = within(draw, list[at] ?? null);
    return list;
  }
  const entries = Object.entries(value as { readonly [key: string]: Value });
  const at = draw.below(entries.length + 1);
  const entry = entries[at];
  if (entry === undefined || draw.oneIn(4)) return Object.fromEntries([...entries, [draw.pick(HOSTILE_KEYS), anyStored(draw)]]);
  if (draw.oneIn(4)) entries.splice(at, 1);
  else entries[at] = [entry[0], within(draw, entry[1])];
  return Object.fromEntries(entries);
}

/** Memory is JSON text: the text stays JSON, and one of its numbers does not stay what it was. */
const mutatedJson = (draw: Draw, text: string): string => {
  const numbers = [...text.matchAll(/-?\d+/g)];
  if (numbers.length === 0) return text;
  const found = draw.pick(numbers);
  return (
    text.slice(0, found.index) +
    draw.pick(['-1', '1e308', '0.5', 'null', '"x"', '[]', '{}', '9007199254740993', '[[[[]]]]']) +
    text.slice(found.index + found[0].length)
  );
};

function bytesChanged(draw: Draw, bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  switch (draw.below(4)) {
    case 0:
      return copy.subarray(0, draw.below(copy.length + 1));
    case 1:
      return Uint8Array.from([...copy, ...draw.bytes(draw.below(400))]);
    case 2:
      return draw.bytes(draw.below(800));
    default:
      for (let times = 1 + draw.below(4); times > 0 && copy.length > 0; times--)
        copy[draw.below(copy.length)] = draw.pick([0, 0x7f, 0x80, 0xff, draw.below(256)]);
      return copy;
  }
}

function anyStored(draw: Draw, depth = 0): Value {
  switch (draw.below(depth > 2 ? 5 : 8)) {
    case 0:
      return null;
    case 1:
      return draw.oneIn(2);
    case 2:
      return draw.pick(HOSTILE_NUMBERS);
    case 3:
      return draw.pick(HOSTILE_TEXTS);
    case 4:
      return draw.bytes(draw.below(20));
    case 5:
      return Array.from({ length: draw.below(4) }, () => anyStored(draw, depth + 1));
    default:
      return Object.fromEntries(Array.from({ length: draw.below(4) }, () => [draw.pick(HOSTILE_KEYS), anyStored(draw, depth + 1)]));
  }
}
