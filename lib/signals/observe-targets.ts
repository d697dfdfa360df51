import type { Instant } from '../clock.ts';
import type { TargetSignals } from '../decide/observation.ts';
import type { Policy, Target } from '../policy/policy.ts';
import { type GroupQueues, groupQueues } from './group-queues.ts';
import { metricSignals } from './metric-signals.ts';
import type { ObservedReport } from './observed-report.ts';
import { queueSignals } from './queue-signals.ts';
import { type WebReports, webReports, webSignals } from './web-signals.ts';

export interface ObservedTargets {
  /** `targets[i]` belongs to `policy.targets[i]`. */
  readonly targets: TargetSignals[];
  /** The newest report of any service of the group. */
  readonly lastReportAt?: Instant;
}

/**
 * What the reports of a group say to the targets of one of its services: web metrics are the service's own,
 * queues are the whole group's, other metrics are those that were collected for it. Silence, a missing header and a queue that nobody reports are unknown, with
 * the reason; only a report that came and tells of no request is a reading of 0.
 * @param reports of all services of the group, of the last minutes, each once, in any order.
 * @param queues `groupQueues(reports, now)`; given where several services of the group are observed at once.
 */
export function observeTargets(
  policy: Policy,
  service: string,
  reports: readonly ObservedReport[],
  now: Instant,
  queues: GroupQueues = groupQueues(reports, now),
): ObservedTargets {
  const web = webReports(service, reports, now);
  const targets = policy.targets.map((target) => observeTarget(target, web, queues, reports, policy.behavior.staleAfterMs, now));
  return { targets, ...(queues.lastReportAt === undefined ? {} : { lastReportAt: queues.lastReportAt }) };
}

function observeTarget(
  target: Target,
  web: WebReports,
  queues: GroupQueues,
  reports: readonly ObservedReport[],
  staleAfterMs: number,
  now: Instant,
): TargetSignals {
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time':
    case 'utilization':
      return webSignals(target, web, staleAfterMs, now);
    case 'job-latency':
    case 'job-depth':
      return queueSignals(target, queues, staleAfterMs, now);
    case 'metric':
      return metricSignals(target, web.service, reports, staleAfterMs, now);
  }
}
