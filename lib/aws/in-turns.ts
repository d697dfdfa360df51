/** Works through `values`, so many at a time; the results in their order. */
export async function inTurns<T, R>(values: readonly T[], atOnce: number, work: (value: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(values.length);
  const waiting = values.entries();
  const lane = async () => {
    for (const [i, value] of waiting) results[i] = await work(value);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, lane));
  return results;
}
