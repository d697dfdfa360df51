/** Weekdays by their ISO number: 1 is Monday, 7 is Sunday. */
export const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;

const numberOf = (name = '') => (dayNames as readonly string[]).indexOf(name) + 1;

/**
 * "mon-fri", "mon,wed", "daily"; a range may wrap around the week's end ("sat-mon" is Saturday,
 * Sunday and Monday). Sorted, each once. The part that is no day is named in `wrong`.
 */
export function parseDays(text: string): { readonly days: readonly number[] } | { readonly wrong: string } {
  if (text.trim() === 'daily') return { days: everyDay };
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const ends = part.trim().split('-');
    const first = numberOf(ends[0]);
    const last = ends.length === 1 ? first : numberOf(ends[1]);
    if (first === 0 || last === 0 || ends.length > 2) return { wrong: first === 0 || ends.length > 2 ? part.trim() : (ends[1] ?? '') };
    for (let day = first; ; day = (day % 7) + 1) {
      days.add(day);
      if (day === last) break;
    }
  }
  return { days: [...days].sort((a, b) => a - b) };
}

/** [1, 2, 3, 4, 5] → "mon-fri"; runs of three or more become ranges. */
export function formatDays(days: readonly number[]): string {
  if (days.length === 7) return 'daily';
  const runs: number[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const name = (day: number | undefined) => dayNames[(day ?? 1) - 1] ?? '';
  return runs.map((run) => (run.length > 2 ? `${name(run[0])}-${name(run.at(-1))}` : run.map(name).join(','))).join(',');
}
