import { ceil } from './peer.ts';

export interface HpaOptions {
  /** Share by which the ratio of metric and target may be off; 0.1. */
  readonly tolerance: number;
  /** Scale-down goes to the highest recommendation of this window; 300 s. */
  readonly downWindowSeconds: number;
  /** Most that scale-up adds in 15 s: this many pods or this share, whichever is more; 4 and 1. */
  readonly upPods: number;
  readonly upShare: number;
}

const UP_PERIOD_SECONDS = 15;

/**
 * The arithmetic of Kubernetes' HorizontalPodAutoscaler v2 (pkg/controller/podautoscaler: replica_calculator.go, horizontal.go)
 * for one external metric with an AverageValue target, and its default behaviour: scale-up at once, at most max(+4, +100 %) in 15 s;
 * scale-down to the highest recommendation of 300 s, all at once.
 */
export interface Hpa {
  /**
   * @param total of the metric; undefined where it could not be read: nothing changes then.
   * @returns the replicas it would set.
   */
  replicas(now: number, current: number, total: number | undefined, targetPerPod: number, bounds: { min: number; max: number }): number;
  forget(): void;
}

/** ⌈total ÷ target⌉, or the present count where their ratio is within the tolerance of 1. */
export function recommended(current: number, total: number, targetPerPod: number, tolerance: number): number {
  if (current > 0 && Math.abs(total / (targetPerPod * current) - 1) <= tolerance) return current;
  return ceil(total / targetPerPod);
}

export function createHpa(options: HpaOptions): Hpa {
  let recommendations: { at: number; count: number }[] = [];
  let added: { at: number; count: number }[] = [];
  return {
    replicas(now, current, total, targetPerPod, bounds) {
      if (total === undefined || current === 0) return current;
      const raw = recommended(current, total, targetPerPod, options.tolerance);
      recommendations = recommendations.filter(({ at }) => at > now - options.downWindowSeconds);
      recommendations.push({ at: now, count: raw });
      const highest = Math.max(...recommendations.map(({ count }) => count));
      const stable = raw > current ? raw : Math.min(current, highest);
      if (stable <= current) return Math.max(bounds.min, Math.min(bounds.max, stable));
      added = added.filter(({ at }) => at > now - UP_PERIOD_SECONDS);
      const start = current - added.reduce((sum, { count }) => sum + count, 0);
      const limit = Math.max(start + options.upPods, ceil(start * (1 + options.upShare)));
      const next = Math.max(bounds.min, Math.min(stable, Math.max(current, limit), bounds.max));
      if (next > current) added.push({ at: now, count: next - current });
      return next;
    },
    forget() {
      recommendations = [];
      added = [];
    },
  };
}
