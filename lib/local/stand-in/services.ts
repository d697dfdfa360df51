import { parseServiceArn, type ServiceArn } from '../../accounts/service-arn.ts';
import { clusterArn, newService, type ServiceState, settled } from './service-state.ts';

/** All ECS services of all accounts and Regions, as they are at the time asked. */
export interface Services {
  /** The time by which tasks start. */
  now(): number;
  /** Lets a service exist with desired = running = `count`, unless it does already. Throws for what is no service ARN. */
  ensure(arn: string, count: number): void;
  get(arn: string): ServiceState | undefined;
  set(service: ServiceState): void;
  all(): ServiceState[];
  /** A cluster is there when it has had a service. */
  hasCluster(arn: string): boolean;
  /** The services of an account in a Region. */
  in(accountId: string, region: string): ServiceState[];
  /** Starts a new service without storing it. */
  start(id: ServiceArn, count: number): ServiceState;
}

export function createServices(now: () => number, taskStartMs: number): Services {
  const services = new Map<string, ServiceState>();
  const clusters = new Set<string>();
  const set = (service: ServiceState) => {
    services.set(service.id.arn, service);
    clusters.add(clusterArn(service.id));
  };
  const get = (arn: string) => {
    const service = services.get(arn);
    if (service === undefined) return undefined;
    const current = settled(service, now());
    services.set(arn, current);
    return current;
  };
  const all = () => [...services.keys()].flatMap((arn) => get(arn) ?? []);
  const start = (id: ServiceArn, count: number) => newService(id, count, now(), taskStartMs);
  return {
    now,
    ensure(arn, count) {
      const id = parseServiceArn(arn);
      if (!id.ok) throw new Error(id.problems.join('; '));
      if (!services.has(arn)) set(start(id.value, count));
    },
    get,
    set,
    all,
    hasCluster: (arn) => clusters.has(arn),
    in: (accountId, region) => all().filter(({ id }) => id.accountId === accountId && id.region === region),
    start,
  };
}
