import { ceil, clamp, type Peer, parameter } from './peer.ts';
import { createWindowMean } from './window-mean.ts';

const TICK_SECONDS = 2;

export interface KpaOptions {
  readonly target: number;
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
}

/** Pods for an observed concurrency: ⌈observed ÷ target⌉, within what the rates allow from the pods that are ready. */
export function kpaPods(observed: number, ready: number, { target, maxScaleUpRate, maxScaleDownRate }: KpaOptions): number {
  const base = Math.max(1, ready);
  return Math.min(Math.max(ceil(observed / target), Math.floor(base / maxScaleDownRate)), Math.ceil(maxScaleUpRate * base));
}

/**
 * Knative's pod autoscaler (knative/serving pkg/autoscaler/scaling/autoscaler.go, config-autoscaler). Every 2 s: mean concurrency
 * over 60 s and over the panic window of 6 s, target 70 % of what a task serves at once, up at most ×1000, down at most to half of
 * what is ready. Panic when the short window wants twice of what is ready; it lasts until a whole stable window has passed without, and in it the
 * count never falls. It begins in panic when more than one task runs, so that lost history never scales in. No data: hold.
 * Concurrency is what waits and what is served, as its activator and queue-proxy count it; metrics arrive each second.
 */
export const knative: Peer = {
  id: 'knative',
  about: 'Knative pod autoscaler on concurrency',
  parameters: () => ({ utilization: 0.7, stableWindowSeconds: 60, panicThreshold: 2, maxScaleUpRate: 1_000, maxScaleDownRate: 2 }),
  tunable: { utilization: [0.5, 1.4], stableWindowSeconds: [0.5, 10], panicThreshold: [0.6, 3] },
  make(scenario, parameters) {
    const stableSeconds = Math.round(parameter(parameters, 'stableWindowSeconds'));
    const panicSeconds = Math.max(1, Math.round(stableSeconds / 10));
    const panicThreshold = parameter(parameters, 'panicThreshold');
    const options = {
      target: scenario.concurrency * parameter(parameters, 'utilization'),
      maxScaleUpRate: parameter(parameters, 'maxScaleUpRate'),
      maxScaleDownRate: parameter(parameters, 'maxScaleDownRate'),
    };
    let stableWindow = createWindowMean(stableSeconds);
    let panicWindow = createWindowMean(panicSeconds);
    let readTo: number | undefined;
    let panicSince: number | undefined;
    let panicPods = 0;
    let started = false;
    return {
      id: 'knative',
      everySeconds: TICK_SECONDS,
      decide({ now, running, history }) {
        if (!started) {
          started = true;
          panicSince = running > 1 ? now : undefined;
          panicPods = running;
        }
        const end = Math.floor(now);
        for (let t = Math.max(0, readTo ?? end - 1); t < end; t++) {
          const sample = history.second(t);
          if (sample === undefined) continue;
          const concurrency = sample.waiting + sample.inService;
          stableWindow.add(t, concurrency);
          panicWindow.add(t, concurrency);
        }
        readTo = end;
        const stable = stableWindow.upTo(end);
        if (stable === undefined) return undefined;
        const panic = panicWindow.upTo(end) ?? stable;

        const ready = Math.max(1, running);
        if (ceil(panic / options.target) / ready >= panicThreshold) panicSince = now;
        else if (panicSince !== undefined && panicSince + stableSeconds < now) {
          panicSince = undefined;
          panicPods = 0;
        }
        let pods = kpaPods(stable, running, options);
        if (panicSince !== undefined) {
          panicPods = Math.max(pods, kpaPods(panic, running, options), panicPods);
          pods = panicPods;
        }
        return clamp(pods, scenario);
      },
      restart() {
        stableWindow = createWindowMean(stableSeconds);
        panicWindow = createWindowMean(panicSeconds);
        readTo = undefined;
        started = false;
      },
    };
  },
};
