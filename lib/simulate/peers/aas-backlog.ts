import type { Scenario } from '../scaler.ts';
import { createAasScaler } from './aas-scaler.ts';
import { loadAtSlo } from './load-at-slo.ts';
import { type Peer, parameter } from './peer.ts';
import { meanOver } from './samples.ts';
import { AAS_COOLDOWN_SECONDS, createTargetTracking, LAG_60_SECONDS } from './target-tracking.ts';

/**
 * AWS target tracking on what arrives or waits for each task, on one-minute metrics.
 *
 * Jobs: "backlog per task", visible messages ÷ running tasks, target acceptable latency ÷ mean processing time (EC2 Auto Scaling guide,
 * as-using-sqs-queue; Application Auto Scaling guide, metric math), times what a task serves at once. Messages in flight are not in it, and with no task
 * running it is undefined: then it goes out by one when something waits.
 *
 * Requests have no queue that CloudWatch sees; AWS's counterpart is ALBRequestCountPerTarget, whose target a load test of one task
 * gives (`loadAtSlo`), in requests per task and minute.
 */
export const aasBacklog: Peer = {
  id: 'aas-backlog',
  about: 'AWS target tracking, backlog (or load balancer requests) per task',
  parameters: (scenario) => ({ target: target(scenario), cooldownSeconds: AAS_COOLDOWN_SECONDS }),
  tunable: { target: [0.3, 1.5], cooldownSeconds: [0.1, 2] },
  make: (scenario, parameters) =>
    createAasScaler('aas-backlog', 3, scenario, [
      createTargetTracking({
        periodSeconds: 60,
        lagSeconds: LAG_60_SECONDS,
        target: parameter(parameters, 'target'),
        cooldownSeconds: parameter(parameters, 'cooldownSeconds'),
        of:
          scenario.kind === 'jobs'
            ? (history, from, to) => meanOver(history, from, to, ({ waiting, running }) => waiting / Math.max(1, running))
            : (history, from, to) => {
                const perSecond = meanOver(history, from, to, ({ arrived, running }) => (running > 0 ? arrived / running : undefined));
                return perSecond === undefined ? undefined : perSecond * 60;
              },
      }),
    ]),
};

function target(scenario: Scenario): number {
  if (scenario.kind === 'jobs') return (scenario.concurrency * scenario.sloMs) / scenario.serviceMs;
  return loadAtSlo(scenario).perSecond * 60;
}
