import type { Lookup } from './context.ts';

/** One character to be matched as it is, or a wildcard: any characters, or any one. */
type Glyph = string | typeof ANY | typeof ONE;
const ANY = Symbol('*');
const ONE = Symbol('?');

/** Text with IAM's wildcards, its policy variables put in. */
export type Pattern = readonly Glyph[];

/** The parts of an ARN: "arn", partition, service, Region, account, and all the rest. */
const ARN_PARTS = 6;

/**
 * Puts policy variables into text, as AWS documents them:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * `${key}` is the value of that condition key, `${key, 'default'}` has a value for requests without
 * the key, and `${*}`, `${?}` and `${$}` are the characters themselves. Without `variables` (a policy
 * of the version of 2008) the text stands as it is. Undefined: the request lacks a variable, so that
 * nothing matches.
 */
export function fillVariables(text: string, variables: Lookup | undefined): string | undefined {
  return pieces(text, variables)
    ?.map((piece) => piece.text)
    .join('');
}

/** Reads text in which `*` stands for any characters and `?` for any one. What a variable puts in is taken letter by letter: a star in it is a star. */
export function readPattern(text: string, variables?: Lookup): Pattern | undefined {
  return pieces(text, variables)?.flatMap((piece): Glyph[] =>
    piece.filled ? [...piece.text] : Array.from(piece.text, (character) => (character === '*' ? ANY : character === '?' ? ONE : character)),
  );
}

interface Piece {
  readonly text: string;
  readonly filled: boolean;
}

function pieces(text: string, variables: Lookup | undefined): Piece[] | undefined {
  if (variables === undefined) return [{ text, filled: false }];
  const found: Piece[] = [];
  let from = 0;
  for (const variable of text.matchAll(/\$\{([^}]*)\}/g)) {
    const value = variableValue(variable[1]!, variables);
    if (value === undefined) return undefined;
    found.push({ text: text.slice(from, variable.index), filled: false }, { text: value, filled: true });
    from = variable.index + variable[0].length;
  }
  return [...found, { text: text.slice(from), filled: false }];
}

function variableValue(inside: string, variables: Lookup): string | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside;
  const [, key = inside, fallback] = /^(.*?)\s*,\s*'(.*)'$/.exec(inside) ?? [];
  const values = variables(key.trim());
  return values?.length === 1 ? values[0] : fallback;
}

/** Whether the pattern covers the whole text, letter case included. */
export function matches(pattern: Pattern, text: string): boolean {
  const characters = [...text];
  let p = 0;
  let starAt = -1;
  let resumeAt = 0;
  for (let t = 0; t < characters.length; ) {
    const glyph = pattern[p];
    if (glyph === ANY) {
      starAt = p++;
      resumeAt = t;
    } else if (glyph === ONE || glyph === characters[t]) {
      p++;
      t++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      t = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === ANY) p++;
  return p === pattern.length;
}

/**
 * Whether the pattern covers an ARN, each of the six parts by itself: a star in the Region's place
 * does not reach into the account's. Missing parts at the end are `*` where `complete` is set, which
 * is how IAM reads the Resource element and not how it reads ARN conditions. A lone `*` covers
 * everything, whether an ARN or not.
 */
export function matchesArn(pattern: Pattern, arn: string, options: { readonly complete: boolean }): boolean {
  if (pattern.length === 1 && pattern[0] === ANY) return true;
  const parts = splitParts([...arn]);
  const patterns = splitParts(pattern);
  if (parts.length < ARN_PARTS || (patterns.length < ARN_PARTS && !options.complete)) return false;
  return parts.every((part, i) => matches(patterns[i] ?? [ANY], part.join('')));
}

function splitParts<T extends Glyph>(glyphs: readonly T[]): T[][] {
  const parts: T[][] = [[]];
  for (const glyph of glyphs) {
    if (glyph === ':' && parts.length < ARN_PARTS) parts.push([]);
    else parts.at(-1)!.push(glyph);
  }
  return parts;
}
