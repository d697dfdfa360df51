import type { History } from '../scaler.ts';
import { createPoints } from './points.ts';
import type { ScalingPolicy } from './target-tracking.ts';

export interface StepScaling {
  /** The metric's period; the alarm is looked at once a minute over the newest such stretch, one of one. */
  readonly periodSeconds: number;
  readonly lagSeconds: number;
  readonly of: (history: History, from: number, to: number) => number | undefined;
  /** Change for a value of the metric; 0 between the alarms. */
  readonly change: (value: number) => number;
  readonly cooldownSeconds: number;
}

/**
 * A step scaling policy of AWS Application Auto Scaling (ChangeInCapacity). An alarm that stays in ALARM acts again each minute. During the
 * cooldown after a scale-out a larger one passes, the capacity already added counted in; a scale-in waits for the cooldown of
 * the one before, and for a deployment to end.
 */
export function createStepScaling({ periodSeconds, lagSeconds, of, change, cooldownSeconds }: StepScaling): ScalingPolicy {
  // CloudWatch evaluates alarms on periods of a minute and more once a minute, over the stretch that ends then.
  const points = createPoints({ periodSeconds: 60, lagSeconds, keep: 1, of: (history, _from, to) => of(history, to - periodSeconds, to) });
  let outUntil = 0;
  let basis = 0;
  let inUntil = 0;
  return {
    propose({ now, desired, history, deploying }) {
      if (!points.update(history, now)) return undefined;
      const value = points.newest(1)?.[0];
      const step = value === undefined ? 0 : change(value);
      if (step > 0) {
        const from = now < outUntil ? basis : desired;
        if (from + step <= desired) return undefined;
        basis = from;
        outUntil = now + cooldownSeconds;
        return from + step;
      }
      if (step === 0 || now < inUntil || deploying) return undefined;
      inUntil = now + cooldownSeconds;
      return desired + step;
    },
    scaledOut() {
      inUntil = 0;
    },
  };
}
