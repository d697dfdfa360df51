import type { Reading } from '../decide/observation.ts';
import type { Journal, ServiceName } from '../journal.ts';
import type { Mode } from '../policy/policy.ts';

/** One service of the run, as the header and the `ready` line show it. */
export interface ReadyService {
  readonly customer: string;
  readonly service: string;
  readonly group: string;
  readonly arn: string;
  readonly mode: Mode;
  readonly min: number;
  readonly max: number;
  readonly reportUrl: string;
}

export interface Ready {
  readonly services: readonly ReadyService[];
  /** Base URL of the AWS that ECS and STS are asked at. */
  readonly aws: string;
  /** False when that is a server of the user's own. */
  readonly standIn: boolean;
  readonly admin: string;
}

/** What one service looks like now. */
export interface ServiceStatus extends ServiceName {
  readonly min: number;
  readonly max: number;
  readonly running: number | null;
  readonly pending: number | null;
  readonly desired: number | null;
  readonly targets: readonly {
    readonly label: string;
    readonly reading: Reading;
    readonly objective: string;
    readonly unit: 'ms' | 'share' | 'count';
  }[];
}

/** Where the local run tells what happens. */
export interface Output extends Journal {
  ready(ready: Ready): void;
  status(now: number, services: readonly ServiceStatus[]): void;
  /** Whatever is still held back. */
  end(): void;
}

/** Names of services that only one customer has stand alone; the others are told apart by their customer. */
export function displayNames(services: readonly ServiceName[]): (about: ServiceName) => string {
  const customers = new Map<string, Set<string>>();
  for (const { customer, service } of services) customers.set(service, (customers.get(service) ?? new Set()).add(customer));
  return ({ customer, service }) => ((customers.get(service)?.size ?? 0) > 1 ? `${customer}/${service}` : service);
}
