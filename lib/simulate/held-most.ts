/** The highest of the counts of the last `holdSeconds`, each told with its time: those that a later one outdoes are dropped. */
export function heldMost(holdSeconds: number): (at: number, count: number) => number {
  /** Falling. */
  const needed: { readonly at: number; readonly count: number }[] = [];
  return (at, count) => {
    while (needed.length > 0 && (needed.at(-1) as { count: number }).count <= count) needed.pop();
    needed.push({ at, count });
    while ((needed[0] as { at: number }).at < at - holdSeconds) needed.shift();
    return needed[0]?.count ?? count;
  };
}
