import type { Draw } from '../draw/draw.ts';
import { HOSTILE_NUMBER_TEXTS, HOSTILE_TEXTS } from '../draw/hostile.ts';

/** A text with a few of its characters or stretches changed; `words` are of its own grammar and are put in as well. */
export function mutateText(draw: Draw, text: string, words: readonly string[] = []): string {
  let changed = text;
  for (let times = 1 + draw.below(4); times > 0; times--) changed = once(draw, changed, words);
  return changed;
}

function once(draw: Draw, text: string, words: readonly string[]): string {
  const at = draw.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + draw.below(draw.oneIn(4) ? 200 : 6));
  const insert = (what: string) => text.slice(0, at) + what + text.slice(at);
  switch (draw.below(9)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, at);
    case 2:
      return insert(text.slice(at, to));
    case 3:
      return insert(draw.pick(HOSTILE_TEXTS));
    case 4:
      return insert(String.fromCharCode(draw.below(draw.oneIn(3) ? 0x10000 : 0x80)));
    case 5:
      return numberReplaced(draw, text);
    case 6:
      return insert(draw.pick(['{', '}', '[', ']', ',', ':', '"', '\\', '\n', '\t', '-', '&a ', '*a', '!!', '|', '>', '#', "'", '?', '%']));
    default:
      return words.length === 0 ? text.slice(0, at) + text.slice(to) : insert(draw.pick(words));
  }
}

/** One of the numbers in the text as no program would write it. */
function numberReplaced(draw: Draw, text: string): string {
  const numbers = [...text.matchAll(/\d{1,20}/g)];
  if (numbers.length === 0) return text;
  const found = draw.pick(numbers);
  return text.slice(0, found.index) + draw.pick(HOSTILE_NUMBER_TEXTS) + text.slice(found.index + found[0].length);
}
