import { createAasScaler } from './aas-scaler.ts';
import { type Peer, parameter } from './peer.ts';
import { maxOver, meanOver } from './samples.ts';
import { createStepScaling } from './step-scaling.ts';
import { AAS_COOLDOWN_SECONDS, createTargetTracking, LAG_60_SECONDS } from './target-tracking.ts';

/** The default steps of the construct, on the number of visible messages. */
export function queueStep(visible: number): number {
  if (visible <= 0) return -1;
  if (visible >= 500) return 5;
  return visible >= 100 ? 1 : 0;
}

/**
 * What the CDK's QueueProcessingFargateService sets up by itself (aws-cdk-lib, aws-ecs-patterns/queue-processing-service-base): steps
 * −1 at 0, +1 from 100, +5 from 500 visible messages on the maximum over five minutes (the default period of the construct's metric,
 * one evaluation), and target tracking on CPU at 50 %. It names no cooldown, so ECS's 300 s apply. For requests the queue
 * is what waits for a place; nothing of it is derived from the SLO.
 */
export const cdkQueueSteps: Peer = {
  id: 'cdk-queue-steps',
  about: "AWS CDK's queue processing service: steps on the queue, CPU 50 %",
  parameters: () => ({ cpuTarget: 0.5, stepsAt: 1, cooldownSeconds: AAS_COOLDOWN_SECONDS }),
  tunable: { cpuTarget: [0.5, 1.8], stepsAt: [0.01, 2], cooldownSeconds: [0.1, 2] },
  make: (scenario, parameters) => {
    const cooldownSeconds = parameter(parameters, 'cooldownSeconds');
    const stepsAt = parameter(parameters, 'stepsAt');
    return createAasScaler('cdk-queue-steps', 3, scenario, [
      createStepScaling({
        periodSeconds: 300,
        lagSeconds: LAG_60_SECONDS,
        cooldownSeconds,
        of: (history, from, to) => maxOver(history, from, to, ({ waiting }) => waiting),
        change: (visible) => queueStep(visible / stepsAt),
      }),
      createTargetTracking({
        periodSeconds: 60,
        lagSeconds: LAG_60_SECONDS,
        target: parameter(parameters, 'cpuTarget'),
        cooldownSeconds,
        of: (history, from, to) => meanOver(history, from, to, ({ busyShare, running }) => (running > 0 ? busyShare : undefined)),
      }),
    ]);
  },
};
