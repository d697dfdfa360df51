import type { History, QueueTimes, Scaler, ScalerView, Scenario, SecondSample } from '../../../../lib/simulate/scaler.ts';

export const requests: Scenario = { kind: 'requests', min: 1, max: 200, concurrency: 8, serviceMs: 200, sloMs: 200, startUpMs: 23_000 };
export const jobs: Scenario = { kind: 'jobs', min: 1, max: 200, concurrency: 1, serviceMs: 100, sloMs: 10_000, startUpMs: 23_000 };

const quiet: SecondSample = { arrived: 0, finished: 0, waiting: 0, inService: 0, oldestMs: 0, busyShare: 0, running: 1, desired: 1 };

/** A past made by hand: what a second was like; undefined where nothing was published. */
export function madeHistory(
  second: (t: number) => Partial<SecondSample> | undefined,
  queueMs: (t: number) => number | undefined = () => undefined,
): History {
  return {
    second(t) {
      const sample = second(t);
      return sample && { ...quiet, ...sample };
    },
    queueTimes(from): QueueTimes | undefined {
      const ms = queueMs(from);
      if (ms === undefined) return undefined;
      return { count: 100, quantile: () => ms, meanMs: ms, maxMs: ms };
    },
    longestMs: (from) => queueMs(from) ?? 0,
  };
}

export const view = (over: Partial<ScalerView> & Pick<ScalerView, 'now' | 'history'>): ScalerView => {
  const desired = over.desired ?? 1;
  return { desired, running: desired, pending: 0, deploying: false, ...over };
};

/** Looks from `from` to `to`, in steps of the scaler's own; tasks that are ordered run at once unless `startUp` seconds pass. */
export function play(
  scaler: Scaler,
  options: {
    from?: number;
    to: number;
    desired: number;
    history: (desired: () => number) => History;
    startUp?: number;
    deploying?: boolean;
  },
): { readonly actions: { at: number; to: number }[]; readonly desired: number } {
  let desired = options.desired;
  let running = options.desired;
  const ready: { at: number; count: number }[] = [];
  const history = options.history(() => running);
  const actions: { at: number; to: number }[] = [];
  for (let now = options.from ?? 0; now <= options.to; now += scaler.everySeconds) {
    while (ready[0] !== undefined && ready[0].at <= now) running = ready.shift()?.count ?? running;
    const want = scaler.decide({
      now,
      desired,
      running,
      pending: Math.max(0, desired - running),
      deploying: options.deploying ?? false,
      history,
    });
    if (want === undefined || want === desired) continue;
    actions.push({ at: now, to: want });
    desired = want;
    if (want < running) running = want;
    else ready.push({ at: now + (options.startUp ?? 0), count: want });
  }
  return { actions, desired };
}
