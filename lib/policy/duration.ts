const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

const pattern = /^(\d{1,12}(?:\.\d{1,3}(?!ms))?)(ms|s|m|h|d)$/;

/** "1.5h" → 5,400,000 ms. Undefined where the text is no duration of whole milliseconds. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, amount = '', unit = 'ms'] = match;
  return Math.round(Number(amount) * unitMs[unit as Unit]);
}

/** 90,000 → "90s", 60,000 → "1m": the largest unit that divides it, so that it parses back to the same. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  const unit = (['d', 'h', 'm', 's'] as const).find((candidate) => ms % unitMs[candidate] === 0) ?? 'ms';
  return `${ms / unitMs[unit]}${unit}`;
}
