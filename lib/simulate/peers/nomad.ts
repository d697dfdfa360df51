import { inFlightPerTask } from './load-at-slo.ts';
import { ceil, clamp, type Peer, parameter } from './peer.ts';
import { gaugeAt, inFlight } from './samples.ts';

const EVALUATE_SECONDS = 10;
/** Half a usual scrape interval of 15 s, and the query. */
const SCRAPE_LAG_SECONDS = 8;

/** Nomad's target-value strategy: ⌈count × value/target⌉, the count itself within the threshold, from zero ⌈value/target⌉. */
export function targetValue(count: number, value: number, target: number, threshold: number): number {
  const factor = target === 0 ? value : value / target;
  if (count === 0) return ceil(factor);
  return Math.abs(factor - 1) <= threshold ? count : ceil(count * factor);
}

/**
 * HashiCorp's Nomad Autoscaler with the target-value strategy (plugins/builtin/strategy/target-value, its policy documents): each
 * 10 s the newest value of a Prometheus query, waiting and in service per running task, against its target, threshold 1 %; 300 s
 * cooldown after each action in both directions, and after a change by somebody else. A query that fails changes nothing.
 */
export const nomad: Peer = {
  id: 'nomad',
  about: 'Nomad Autoscaler, target-value on in flight per task',
  parameters: (scenario) => ({ targetPerTask: inFlightPerTask(scenario), threshold: 0.01, cooldownSeconds: 300 }),
  tunable: { targetPerTask: [0.3, 1.5], threshold: [1, 20], cooldownSeconds: [0.1, 2] },
  make(scenario, parameters) {
    const target = parameter(parameters, 'targetPerTask');
    const threshold = parameter(parameters, 'threshold');
    const cooldownSeconds = parameter(parameters, 'cooldownSeconds');
    let expected: number | undefined;
    let quietUntil = 0;
    return {
      id: 'nomad',
      everySeconds: EVALUATE_SECONDS,
      decide({ now, desired, history }) {
        if (expected !== undefined && desired !== expected) quietUntil = now + cooldownSeconds;
        expected = desired;
        if (now < quietUntil) return undefined;
        const value = gaugeAt(history, now - SCRAPE_LAG_SECONDS, (sample) => (inFlight(sample) ?? 0) / Math.max(1, sample.running));
        if (value === undefined) return undefined;
        const want = clamp(targetValue(desired, value, target, threshold), scenario);
        if (want === desired) return undefined;
        expected = want;
        quietUntil = now + cooldownSeconds;
        return want;
      },
    };
  },
};
