import { formatDuration, parseDuration } from './duration.ts';
import { nearestWord } from './nearest-word.ts';
import type { Place, Review } from './review.ts';
import { formatShare, parseShare } from './share.ts';

/**
 * Readers of single values. Each returns the value, or reports what was wrong with it and what
 * would be right, and returns undefined.
 */

/** What stands there, in words: "a list", "text". */
export function kindOf({ tree }: Place): string {
  if (tree.kind === 'map') return 'a map';
  if (tree.kind === 'list') return 'a list';
  if (tree.value === null) return 'nothing';
  return typeof tree.value === 'string' ? 'text' : `the ${typeof tree.value} ${tree.text}`;
}

/** The text that stands there, or undefined without a report. */
export const textOf = ({ tree }: Place): string | undefined =>
  tree.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
export const numberOf = ({ tree }: Place): number | undefined =>
  tree.kind === 'scalar' && typeof tree.value === 'number' ? tree.value : undefined;

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function readNumber(place: Place, review: Review, bounds: Bounds, form: 'whole' | 'any' = 'whole'): number | undefined {
  const value = numberOf(place);
  const wanted = `${form === 'whole' ? 'a whole number' : 'a number'} from ${bounds.min} to ${bounds.max}`;
  if (value === undefined) {
    const text = textOf(place);
    const quoted = text !== undefined && /^\d+(\.\d+)?$/.test(text);
    return review.problem(
      place,
      'type',
      quoted ? `has to be a number: write ${text} without quotes` : `has to be ${wanted}, not ${kindOf(place)}`,
    );
  }
  if (!Number.isFinite(value) || (form === 'whole' && !Number.isInteger(value)) || value < bounds.min || value > bounds.max) {
    return review.problem(place, 'range', `has to be ${wanted}`);
  }
  return value;
}

/** How much of something one task takes. */
export const readPerTask = (place: Place, review: Review) => readNumber(place, review, { min: 0.001, max: 1_000_000_000 }, 'any');

export function readDuration(place: Place, review: Review, bounds: Bounds): number | undefined {
  const text = textOf(place);
  const ms = text === undefined ? undefined : parseDuration(text);
  if (ms === undefined) {
    const value = numberOf(place);
    const hint =
      value === undefined
        ? `a duration is a number with its unit, such as 50ms, 30s, 10m, 2h or 7d, not ${kindOf(place)}`
        : `${value} has no unit: write ${value}ms, ${value}s or ${value}m`;
    return review.problem(
      place,
      'format',
      text === undefined ? hint : `"${text.slice(0, 40)}" is no duration: write a number with its unit, such as 50ms, 30s, 10m, 2h or 7d`,
    );
  }
  if (ms < bounds.min || ms > bounds.max) {
    return review.problem(place, 'range', `has to be from ${formatDuration(bounds.min)} to ${formatDuration(bounds.max)}`);
  }
  return ms;
}

export function readShare(place: Place, review: Review, bounds: Bounds): number | undefined {
  const text = textOf(place);
  const share = text === undefined ? undefined : parseShare(text);
  if (share === undefined) {
    const value = numberOf(place);
    const hint =
      value === undefined
        ? 'write a share as 70%'
        : `write it with its sign: ${value > 0 && value <= 1 ? formatShare(value) : `${value}%`}`;
    return review.problem(place, 'format', hint);
  }
  if (share < bounds.min || share > bounds.max) {
    return review.problem(place, 'range', `has to be from ${formatShare(bounds.min)} to ${formatShare(bounds.max)}`);
  }
  return share;
}

export function readBoolean(place: Place, review: Review): boolean | undefined {
  if (place.tree.kind === 'scalar' && typeof place.tree.value === 'boolean') return place.tree.value;
  return review.problem(place, 'type', 'has to be true or false, without quotes (YAML 1.2 reads yes, no, on and off as text)');
}

/** One of a few words. */
export function readWord<Word extends string>(place: Place, review: Review, words: readonly Word[]): Word | undefined {
  const text = textOf(place);
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const list = words.join(', ');
  if (place.tree.kind === 'scalar' && typeof place.tree.value === 'boolean') {
    const meant = words.find((word) => word === (place.tree.kind === 'scalar' && place.tree.value === true ? 'on' : 'off'));
    const why = meant === undefined ? '' : `: \`${meant}\`, if a tool that speaks YAML 1.1 wrote this file`;
    return review.problem(place, 'one-of', `has to be one of ${list}${why}`);
  }
  const near = nearestWord(text ?? '', words);
  return review.problem(place, 'one-of', `has to be one of ${list}${near === undefined ? '' : `: did you mean \`${near}\`?`}`);
}

/** Text of 1 to `maxLength` characters. */
export function readText(place: Place, review: Review, maxLength: number): string | undefined {
  const text = textOf(place);
  if (text === undefined) {
    const { tree } = place;
    const quotable = tree.kind === 'scalar' && tree.value !== null;
    return review.problem(
      place,
      'type',
      `has to be text${quotable ? `: write "${tree.text.slice(0, 40)}" in quotes` : `, not ${kindOf(place)}`}`,
    );
  }
  if (text.length === 0 || text.length > maxLength) return review.problem(place, 'range', `has to have 1 to ${maxLength} characters`);
  return text;
}

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;
export const nameRule = 'lower-case letters, digits and hyphens, at most 63, a letter first';

export const isName = (text: string) => namePattern.test(text);

/** The name of a customer, group or service. */
export function readName(place: Place, review: Review): string | undefined {
  const text = textOf(place);
  if (text !== undefined && isName(text)) return text;
  return review.problem(place, 'format', `a name has ${nameRule}`);
}
