import type { Clock } from '../clock.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { ConfigStore, ControlStore, PointStore } from '../stores/ports.ts';
import type { Pause, Point } from '../stores/records.ts';
import { UnreadableItem } from '../stores/unreadable-item.ts';
import { type ListedService, listed } from './list-services.ts';
import { type ListedTarget, listedTarget } from './target-objective.ts';

export interface ServiceStatus extends ListedService {
  /** Bounds in force at `at`; null until a point was kept. */
  readonly floor: number | null;
  readonly cap: number | null;
  readonly at: number | null;
  /** What people paused, of the service, its customer or everything; null where nothing is. */
  readonly paused: { readonly in: boolean; readonly out: boolean; readonly why: string } | null;
  readonly readings: readonly (ListedTarget & { readonly value: number | null })[];
}

interface StatusDeps {
  readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer' | 'pauses'>;
  readonly controls: Pick<ControlStore, 'getMany'>;
  readonly points: Pick<PointStore, 'latest'>;
  readonly clock: Clock;
}

/** Every service with its newest readings, as they were kept at most a minute (at rest, some minutes) ago: one query a group, and its pauses: one read a service. */
export async function listStatus(deps: StatusDeps, customer: string | undefined): Promise<ServiceStatus[]> {
  const customers = customer === undefined ? await deps.configs.customers() : [customer];
  const configs = (await Promise.all(customers.map((name) => deps.configs.ofCustomer(name)))).flat();
  const controls = await deps.controls.getMany(configs.map((c) => ({ customer: c.customer, group: c.group, service: c.name })));
  const byService = new Map(controls.map((c) => [`${c.customer}#${c.service}`, c]));
  const groups = [...new Map(configs.map((c) => [`${c.customer}#${c.group}`, c])).values()];
  const points = new Map<string, Point>();
  for (const { customer: owner, group } of groups) {
    for (const [service, point] of await deps.points.latest(owner, group)) points.set(`${owner}#${service}`, point);
  }
  const now = deps.clock.now();
  const pauses = await Promise.all(configs.map((c) => pausesOf(deps, c, now)));
  return configs.map((config, i) => {
    const key = `${config.customer}#${config.name}`;
    const point = points.get(key);
    return {
      ...listed(config, byService.get(key)),
      floor: point?.floor ?? null,
      cap: point?.cap ?? null,
      at: point?.at ?? null,
      paused: pausedBy(pauses[i] ?? []),
      readings: config.policy.targets.map((target, t) => ({ ...listedTarget(target), value: point?.values[t] ?? null })),
    };
  });
}

/** One pause that cannot be read must not take the status of all the others away; what it stands for is shown as a pause both ways. */
async function pausesOf({ configs }: StatusDeps, { customer, group, name }: ServiceConfig, now: number): Promise<Pause[]> {
  try {
    return await configs.pauses(customer, group, name, now);
  } catch (error) {
    if (!(error instanceof UnreadableItem)) throw error;
    return [{ in: true, out: true, why: error.message, at: now }];
  }
}

function pausedBy(pauses: readonly Pause[]): ServiceStatus['paused'] {
  if (pauses.length === 0) return null;
  const why = pauses.map((pause) => pause.why).join('; ');
  return { in: pauses.some((pause) => pause.in), out: pauses.some((pause) => pause.out), why };
}
