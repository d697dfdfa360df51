import type { ServiceConfig } from '../policy/policy.ts';
import { loadFor } from './example/load-model.ts';
import { startTraffic, type Traffic, type TrafficTarget } from './example/traffic.ts';
import type { Output, ReadyService } from './output.ts';
import type { TaskCounts } from './service-status.ts';

/** A second keeps the show lively; adapters' own default is ten. */
const REPORT_SECONDS = 1;

/** Services of these names get load, and this kind of it. */
const KINDS: Readonly<Record<string, TrafficTarget['kind'] | undefined>> = { web: 'web', worker: 'jobs' };

/** Queues that the service's targets name, else the one that job libraries call so. */
function queuesOf({ policy }: ServiceConfig): readonly string[] {
  const named = policy.targets.flatMap((target) => ('queues' in target ? (target.queues ?? []) : []));
  return named.length > 0 ? [...new Set(named)] : ['default'];
}

/** Load for the services named `web` and `worker`, in threads; none for other names. */
export function startExampleTraffic(options: {
  readonly services: readonly ServiceConfig[];
  readonly ready: readonly ReadyService[];
  readonly tasksOf: (service: ServiceConfig) => TaskCounts;
  readonly output: Output;
}): Traffic {
  const targets = options.services.flatMap((service, i): TrafficTarget[] => {
    const kind = KINDS[service.name];
    const ready = options.ready.find((one) => one.customer === service.customer && one.service === service.name);
    if (kind === undefined || ready === undefined) return [];
    return [
      {
        kind,
        reportUrl: ready.reportUrl,
        load: loadFor(kind, service.policy, i + 1),
        queues: kind === 'jobs' ? queuesOf(service) : [],
        running: () => options.tasksOf(service).running ?? 0,
      },
    ];
  });
  return startTraffic({
    targets,
    entries: { web: new URL('./web-app-worker.js', import.meta.url), jobs: new URL('./jobs-worker.js', import.meta.url) },
    reportSeconds: REPORT_SECONDS,
    onProblem: (kind, why) => options.output.warn('The example load has trouble', { load: kind, why }),
  });
}
