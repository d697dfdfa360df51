import type { History } from '../scaler.ts';

/** The newest data points of a metric of fixed period, oldest first; undefined where none was published. */
export interface Points {
  /**
   * Takes in the periods that had ended and were published `lagSeconds` ago.
   * @returns true where there is a new point since the last call.
   */
  update(history: History, now: number): boolean;
  /** The newest `count` points, or undefined where one of them is missing: an alarm then has insufficient data. */
  newest(count: number): readonly number[] | undefined;
}

export interface PointsOptions {
  readonly periodSeconds: number;
  /** From the end of a period until a scaler acts upon it. */
  readonly lagSeconds: number;
  readonly keep: number;
  /** The point over the seconds [from, to). */
  readonly of: (history: History, from: number, to: number) => number | undefined;
}

/** Data points as CloudWatch keeps them: periods begin at whole multiples of their length. */
export function createPoints({ periodSeconds, lagSeconds, keep, of }: PointsOptions): Points {
  let ended: number | undefined;
  const points: (number | undefined)[] = [];
  return {
    update(history, now) {
      const complete = Math.floor((now - lagSeconds) / periodSeconds);
      const before = ended ?? Math.max(0, complete - keep);
      if (complete <= before) return false;
      for (let i = Math.max(before, complete - keep); i < complete; i++) {
        points.push(of(history, i * periodSeconds, (i + 1) * periodSeconds));
        if (points.length > keep) points.shift();
      }
      ended = complete;
      return true;
    },
    newest(count) {
      if (points.length < count) return undefined;
      const found = points.slice(points.length - count).filter((point) => point !== undefined);
      return found.length === count ? found : undefined;
    },
  };
}
