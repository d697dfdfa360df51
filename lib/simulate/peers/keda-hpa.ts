import { createHpa } from './hpa.ts';
import { inFlightPerTask } from './load-at-slo.ts';
import { type Peer, parameter } from './peer.ts';
import { gaugeAt, inFlight } from './samples.ts';

const POLL_SECONDS = 30;
const HPA_SECONDS = 15;

/**
 * KEDA 2.21 with the HorizontalPodAutoscaler that it makes (keda-docs: scaledobject-spec, scaling-deployments, scalers/aws-sqs).
 * The metric is read anew each 15 s, waiting and in flight together (`scaleOnInFlight` is on by default), as a total that is divided by a target
 * per task. For jobs the target is k·max(1, SLO/S), for requests (a Prometheus gauge of requests in flight) what one task holds at the SLO by load test.
 * From zero: one task at the first 30 s poll that finds something; to zero: after 300 s of nothing. A failed read changes nothing.
 */
function keda(id: string, about: string, targetPerTask: Peer['parameters']): Peer {
  return {
    id,
    about,
    parameters: (scenario) => ({ tolerance: 0.1, downWindowSeconds: 300, upPods: 4, upShare: 1, ...targetPerTask(scenario) }),
    tunable: { targetPerTask: [0.3, 1.5], tolerance: [0.1, 2], downWindowSeconds: [0.1, 3] },
    make(scenario, parameters) {
      const hpa = createHpa({
        tolerance: parameter(parameters, 'tolerance'),
        downWindowSeconds: parameter(parameters, 'downWindowSeconds'),
        upPods: parameter(parameters, 'upPods'),
        upShare: parameter(parameters, 'upShare'),
      });
      const target = parameter(parameters, 'targetPerTask');
      const bounds = { min: Math.max(1, scenario.min), max: scenario.max };
      let lastActive: number | undefined;
      return {
        id,
        everySeconds: HPA_SECONDS,
        decide({ now, desired, history }) {
          const total = gaugeAt(history, now, inFlight);
          if (total !== undefined && total > 0) lastActive = now;
          lastActive ??= now;
          if (scenario.min === 0 && total !== undefined && Math.floor(now / HPA_SECONDS) % (POLL_SECONDS / HPA_SECONDS) === 0) {
            if (desired === 0) return total > 0 ? 1 : 0;
            if (total === 0 && now - lastActive >= 300) return 0;
          }
          return hpa.replicas(now, desired, total, target, bounds);
        },
        restart: () => hpa.forget(),
      };
    },
  };
}

export const kedaHpa = keda('keda-hpa', 'KEDA with HPA, queue and in flight per task', (scenario) => ({
  targetPerTask: inFlightPerTask(scenario),
}));

/** KEDA's default `queueLength`, for those who set nothing. */
export const kedaHpa5 = keda('keda-hpa-5', 'the same with the default queueLength of 5', () => ({ targetPerTask: 5 }));
