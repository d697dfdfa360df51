/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours,
 * each 1, so that "mni" is one slip away from "min".
 */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, substitution, swap));
    }
  }
  return at(a.length, b.length);
}

/** Letters alone, so that `scale_in`, `scaleIn` and `scale-in` are one word. */
const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The candidate that was most likely meant, or undefined where none is near: at most a third of the letters may differ. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(word);
  if (wanted === '' || wanted.length > 64) return undefined;
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  for (const candidate of candidates) {
    const letters = plain(candidate);
    if (Math.abs(letters.length - wanted.length) > allowed) continue;
    const distance = editDistance(wanted, letters);
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}
