import { readReports } from '../evaluate/read-reports.ts';
import type { ServiceConfig, Target } from '../policy/policy.ts';
import { observeTargets } from '../signals/observe-targets.ts';
import type { ReportStore } from '../stores/ports.ts';
import type { ServiceStatus } from './output.ts';
import { spokenMs } from './status-line.ts';

/** Counts of a service's tasks, as ECS or the last look at it says. */
export interface TaskCounts {
  readonly running: number | null;
  readonly pending: number | null;
  readonly desired: number | null;
}

type Shown = Pick<ServiceStatus['targets'][number], 'objective' | 'unit'>;

/** What a target's reading is held against, in words. */
function objectiveOf(target: Target): Shown {
  switch (target.kind) {
    case 'request-queue-time':
    case 'response-time':
    case 'job-latency':
      return { objective: spokenMs(target.topMs), unit: 'ms' };
    case 'utilization':
      return { objective: `${Math.round(target.target * 100)} %`, unit: 'share' };
    case 'job-depth':
      return { objective: `${target.perTask} a task`, unit: 'count' };
    case 'metric':
      return { objective: target.perTask === undefined ? String(target.target ?? '') : `${target.perTask} a task`, unit: 'count' };
  }
}

/** What the services look like now: their tasks, and each target's reading as the next evaluation will see it. */
export async function serviceStatuses(
  services: readonly ServiceConfig[],
  reports: Pick<ReportStore, 'since'>,
  shardsOf: (customer: string, group: string) => Promise<number>,
  tasksOf: (service: ServiceConfig) => TaskCounts,
  now: number,
): Promise<ServiceStatus[]> {
  const groups = new Map<string, Awaited<ReturnType<typeof readReports>>>();
  const statuses: ServiceStatus[] = [];
  for (const service of services) {
    const { customer, group, name, policy } = service;
    const key = `${customer}#${group}`;
    const seen = groups.get(key) ?? (await readReports(reports, customer, group, await shardsOf(customer, group), now));
    groups.set(key, seen);
    const observed = observeTargets(policy, name, seen, now).targets;
    const targets = policy.targets.flatMap((target, i) => {
      const signals = observed[i];
      return signals === undefined ? [] : [{ label: signals.label, reading: signals.reading, ...objectiveOf(target) }];
    });
    statuses.push({ customer, service: name, min: policy.min, max: policy.max, ...tasksOf(service), targets });
  }
  return statuses;
}
