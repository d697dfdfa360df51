/** Late shares up to this meet the SLO. */
export const LATE_SHARE_ALLOWED = 0.01;

/** What a way to scale came to in a run. */
export interface Tried {
  readonly lateShare: number;
  readonly taskHours: number;
}

/** Of two the cheaper that keeps the SLO; where neither does, the one that is less late. */
export function better<T extends Tried>(a: T, b: T): T {
  const [keepsA, keepsB] = [a.lateShare <= LATE_SHARE_ALLOWED, b.lateShare <= LATE_SHARE_ALLOWED];
  if (keepsA !== keepsB) return keepsA ? a : b;
  if (keepsA) return b.taskHours < a.taskHours ? b : a;
  return b.lateShare < a.lateShare ? b : a;
}

/** Halves the range of the value (on a logarithmic scale) until the late share is just allowed. */
export function search<T extends Tried>([least, most]: readonly [number, number], steps: number, attempt: (value: number) => T): T {
  let [low, high] = [Math.log(least), Math.log(most)];
  let best = attempt(most);
  if (best.lateShare > LATE_SHARE_ALLOWED) return best;
  for (let i = 0; i < steps; i++) {
    const middle = (low + high) / 2;
    const found = attempt(Math.exp(middle));
    if (found.lateShare <= LATE_SHARE_ALLOWED) high = middle;
    else low = middle;
    best = better(best, found);
  }
  return best;
}
