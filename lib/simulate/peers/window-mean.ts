/** Mean of the newest seconds, kept as a running sum. */
export interface WindowMean {
  add(t: number, value: number): void;
  /** Mean of what was added for [end − length, end); undefined where nothing was. */
  upTo(end: number): number | undefined;
}

export function createWindowMean(lengthSeconds: number): WindowMean {
  const times: number[] = [];
  const values: number[] = [];
  let head = 0;
  let sum = 0;
  return {
    add(t, value) {
      times.push(t);
      values.push(value);
      sum += value;
    },
    upTo(end) {
      for (; head < times.length && (times[head] as number) < end - lengthSeconds; head++) sum -= values[head] as number;
      if (head > 4_096) {
        times.splice(0, head);
        values.splice(0, head);
        head = 0;
      }
      if (head === times.length) {
        // Rounding errors of a running sum do not outlive an empty window.
        sum = 0;
        return undefined;
      }
      return Math.max(0, sum) / (times.length - head);
    },
  };
}
