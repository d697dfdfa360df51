import type { History, ScalerView } from '../scaler.ts';
import { ceil } from './peer.ts';
import { createPoints } from './points.ts';

export interface TargetTracking {
  readonly periodSeconds: number;
  /** From the end of a period until the policy acts upon its point: publishing, alarm and the policy itself. */
  readonly lagSeconds: number;
  readonly target: number;
  readonly of: (history: History, from: number, to: number) => number | undefined;
  readonly cooldownSeconds: number;
  readonly outPoints?: number;
  readonly inPoints?: number;
}

/** One policy of Application Auto Scaling: the count that it would set, undefined where it has nothing to say. */
export interface ScalingPolicy {
  propose(view: ScalerView): number | undefined;
  /** Another policy, or this one, has scaled out: a scale-in cooldown ends. */
  scaledOut(now: number): void;
}

/**
 * Lag of a policy on one-minute metrics. AWS measured 363 s from a step in load until the policy acted (containers-roadmap#2113,
 * 18 June 2026): half a period until a full one begins, three periods, and the rest, 153 s.
 */
export const LAG_60_SECONDS = 153;
/** The same on 20 s metrics, where AWS measured 86 s: 10 + 3 × 20 + 16. */
export const LAG_20_SECONDS = 16;

/** Scale-in cooldown and scale-out cooldown of ECS services where none is given. */
export const AAS_COOLDOWN_SECONDS = 300;

/** Scale-in begins at this share of the target: "usually more than 10 % lower". */
const IN_SHARE = 0.9;

/** The capacity at which the metric would be on target: ⌈running × metric/target⌉. */
export const tracked = (running: number, value: number, target: number): number => ceil((running * value) / target);

/**
 * A target tracking policy of AWS Application Auto Scaling on an ECS service, from its user guide
 * (target-tracking-scaling-policy-overview) and the ECS developer guide (service-autoscaling-targettracking).
 *
 * Out when 3 of 3 points are over the target, to the tracked capacity of the newest; in when 15 of 15 are under 90 % of it.
 * A missing point means insufficient data, which does nothing. The basis is the running count. During the 300 s after a scale-out the
 * capacity that it added counts as part of the next one, so only a larger one passes: the basis stays what it was. A scale-in
 * waits 300 s after the one before; a scale-out ends that. No scale-in during a deployment. From zero it goes out by one.
 *
 * Assumed, since AWS publishes no more than "gradually": a scale-in goes to what the highest of the 15 points needs.
 */
export function createTargetTracking(options: TargetTracking): ScalingPolicy {
  const { periodSeconds, lagSeconds, target, of, cooldownSeconds, outPoints = 3, inPoints = 15 } = options;
  const points = createPoints({ periodSeconds, lagSeconds, keep: Math.max(outPoints, inPoints), of });
  let outUntil = 0;
  let basis = 0;
  let inUntil = 0;
  return {
    propose(view) {
      const { now, desired, running } = view;
      if (!points.update(view.history, now)) return undefined;
      const recent = points.newest(outPoints);
      if (recent?.every((point) => point > target)) {
        const from = now < outUntil ? basis : running;
        const want = from === 0 ? desired + 1 : tracked(from, recent.at(-1) ?? target, target);
        if (want <= desired) return undefined;
        basis = from;
        outUntil = now + cooldownSeconds;
        return want;
      }
      const calm = points.newest(inPoints);
      if (!calm?.every((point) => point < IN_SHARE * target) || now < inUntil || view.deploying) return undefined;
      const want = tracked(running, Math.max(...calm), target);
      if (want >= desired) return undefined;
      inUntil = now + cooldownSeconds;
      return want;
    },
    scaledOut() {
      inUntil = 0;
    },
  };
}
