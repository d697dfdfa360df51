import type { Draw } from './draw.ts';

/** Numbers that arithmetic, storage or formatting has stumbled over somewhere. */
export const HOSTILE_NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-7,
  5e-324,
  1e21,
  1e126,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  4_294_967_296_000,
  8.64e15,
  8.64e15 + 1,
  600_000,
  600_001,
  1e9,
  1e9 + 1,
  100,
  100.5,
  101,
  2_592_000_000,
  2_592_000_001,
] as const;

/** Numbers as a sender may write them, which no program's own `JSON.stringify` would. */
export const HOSTILE_NUMBER_TEXTS = [
  '1e400',
  '-1e400',
  '-0',
  '-0.0',
  '1E+2',
  '1e-400',
  '9007199254740993',
  '0.1e1',
  '123456789e300',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
] as const;

export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00x',
  'e\u0301',
  '\u00e9',
  '\u202egnp.exe',
  '\u200b',
  'default\u200b',
  '\ufeffdefault',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '#',
  'acme#t',
  '~operator',
  '~',
  '../..',
  '%00',
  '%2e%2e',
  'null',
  'NaN',
  'Infinity',
  '-1',
  '1e3',
  '0x10',
  'true',
  '[object Object]',
  '\r\nSet-Cookie: a=b',
  '${jndi:ldap://x}',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '\u{1f4a9}'.repeat(40),
  'ß',
  'İ',
  'ﬀ',
  'a'.repeat(64),
  'a'.repeat(257),
  'a'.repeat(5_000),
  '\u00e9'.repeat(200),
  '\n',
  '\t',
  '\u2028',
  '\u0085',
] as const;

/** Names of properties that reach a prototype where objects are merged carelessly. */
export const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
  '',
  '0',
  'pk',
  'sk',
  'expires',
  '#',
  '~',
] as const;

/** Any JSON value, mostly small, seldom deep or long. */
export function anyValue(draw: Draw, depth = 0): unknown {
  switch (draw.below(depth > 3 ? 6 : 11)) {
    case 0:
      return null;
    case 1:
      return draw.oneIn(2);
    case 2:
    case 3:
      return draw.pick(HOSTILE_NUMBERS);
    case 4:
      return draw.pick(HOSTILE_TEXTS);
    case 5:
      return draw.below(1_000) - 100;
    case 6:
    case 7:
      return Array.from({ length: draw.below(4) }, () => anyValue(draw, depth + 1));
    case 8:
      return nested(draw.pick([3, 30, 31, 32, 33, 34, 200]), draw.oneIn(2));
    default:
      return ownKeys(
        Array.from({ length: draw.below(4) }, () => [
          draw.oneIn(2) ? draw.pick(HOSTILE_KEYS) : `k${draw.below(5)}`,
          anyValue(draw, depth + 1),
        ]),
      );
  }
}

/** Lists or maps within each other, `levels` deep. */
export function nested(levels: number, maps: boolean): unknown {
  let value: unknown = maps ? {} : [];
  for (let level = 1; level < levels; level++) value = maps ? { n: value } : [value];
  return value;
}

/** An object that owns its keys, `__proto__` too, as `JSON.parse` makes it. */
export const ownKeys = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => Object.fromEntries(entries);
