import type { Clock } from '../clock.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { ConfigStore, ReportStore } from '../stores/ports.ts';
import { type Check, ok, unknown, wrong } from './check.ts';

/** Reports are kept for a quarter of an hour. */
const LOOK_BACK_MS = 15 * 60_000;
/** Adapters report every ten seconds; after two minutes without, decisions hold for want of readings. */
const SILENT_AFTER_MS = 120_000;
/** Of each shard the newest: enough for hundreds of processes. */
const MOST_REPORTS = 1_000;

export interface AdapterDeps {
  readonly reports: Pick<ReportStore, 'since'>;
  readonly configs: Pick<ConfigStore, 'group'>;
  readonly clock: Clock;
}

/** When each service was last heard of by an adapter in one of its processes. */
export async function checkAdapters(deps: AdapterDeps, services: readonly ServiceConfig[]): Promise<readonly Check[]> {
  const now = deps.clock.now();
  const heard = services.filter(({ policy }) => policy.mode !== 'off' && policy.targets.some(({ kind }) => kind !== 'metric'));
  const checks: Check[] = [];
  for (const group of new Set(heard.map((service) => service.group))) {
    const members = heard.filter((service) => service.group === group);
    const [first] = members;
    if (first === undefined) continue;
    const { shards } = await deps.configs.group(first.customer, group);
    const reports = await deps.reports.since(first.customer, group, shards, now - LOOK_BACK_MS, { atMost: MOST_REPORTS });
    const newest = new Map<string, number>();
    for (const { service, slotAt } of reports) newest.set(service, Math.max(newest.get(service) ?? 0, slotAt));
    const newestOfGroup = Math.max(...newest.values(), 0);
    for (const { name, policy } of members) {
      // A worker at zero reports nothing; its siblings report its queues.
      const fed = policy.targets.every(({ kind }) => kind === 'job-latency' || kind === 'job-depth' || kind === 'metric');
      if (fed && newest.get(name) === undefined && now - newestOfGroup <= SILENT_AFTER_MS)
        checks.push(ok(`adapter: ${name}`, 'Other services of its group report; it needs no report of its own for queues.'));
      else checks.push(adapter(name, newest.get(name), now, reports.length >= MOST_REPORTS));
    }
  }
  return checks;
}

function adapter(name: string, at: number | undefined, now: number, cut: boolean): Check {
  const check = `adapter: ${name}`;
  const mend = `Set JUDOSCALE_URL in the environment of its tasks to the report URL of ${name}, and see that the adapter's package is installed and can reach it.`;
  if (at === undefined) {
    if (cut)
      return unknown(check, 'None of the newest reports of its group is of this service; there are too many to look at all of them.');
    return wrong(check, 'No report in the last 15 minutes.', mend);
  }
  // Samples are dated by the 10 s in which they were taken.
  const age = Math.max(0, now - at);
  const ago = age < 90_000 ? `${Math.round(age / 1_000)} s` : `${Math.round(age / 60_000)} min`;
  if (age <= SILENT_AFTER_MS) return ok(check, `Last reported ${ago} ago.`);
  return wrong(check, `Last reported ${ago} ago: without newer readings nothing is scaled in, and no breach is seen.`, mend);
}
