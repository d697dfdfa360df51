import type { Scaler, Scenario } from '../scaler.ts';
import { clamp } from './peer.ts';
import type { ScalingPolicy } from './target-tracking.ts';

/**
 * A service with one or several policies of AWS Application Auto Scaling: out if any says so, the largest capacity wins; in where
 * none of those that speak wants more. Managed by AWS, so nothing of it restarts.
 */
export function createAasScaler(id: string, everySeconds: number, scenario: Scenario, policies: readonly ScalingPolicy[]): Scaler {
  return {
    id,
    everySeconds,
    decide(view) {
      const proposals = policies.map((policy) => policy.propose(view)).filter((count) => count !== undefined);
      if (proposals.length === 0) return undefined;
      const want = clamp(Math.max(...proposals), scenario);
      if (want > view.desired) for (const policy of policies) policy.scaledOut(view.now);
      return want;
    },
  };
}
