import type { ServiceConfig } from '../policy/policy.ts';
import type { ConfigStore, ControlStore } from '../stores/ports.ts';
import type { Control } from '../stores/records.ts';

export interface ListedService {
  readonly customer: string;
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly mode: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number | null;
  readonly running: number | null;
  readonly pending: number | null;
  /** When the counts were seen. */
  readonly seenAt: number | null;
  readonly lastDecision: { readonly kind: string; readonly code: string; readonly why: string; readonly at: number } | null;
  readonly lastOutcome: { readonly outcome: string; readonly why: string; readonly at: number } | null;
  readonly problem: { readonly code: string; readonly why: string } | null;
}

/** Services under care, of one customer or of all, with what is known of each. */
export async function listServices(
  deps: { readonly configs: Pick<ConfigStore, 'customers' | 'ofCustomer'>; readonly controls: Pick<ControlStore, 'getMany'> },
  customer: string | undefined,
): Promise<ListedService[]> {
  const customers = customer === undefined ? await deps.configs.customers() : [customer];
  const configs = (await Promise.all(customers.map((name) => deps.configs.ofCustomer(name)))).flat();
  const controls = await deps.controls.getMany(configs.map((c) => ({ customer: c.customer, group: c.group, service: c.name })));
  const byService = new Map(controls.map((c) => [`${c.customer}#${c.service}`, c]));
  return configs.map((config) => listed(config, byService.get(`${config.customer}#${config.name}`)));
}

/** One service, with what its control item says. */
export function listed(config: ServiceConfig, control: Control | undefined): ListedService {
  const state = control?.state.kind === 'known' ? control.state : undefined;
  const { decision, lastOutcome, problem } = control ?? {};
  return {
    customer: config.customer,
    name: config.name,
    group: config.group,
    arn: config.arn,
    mode: config.policy.mode,
    min: config.policy.min,
    max: config.policy.max,
    desired: state?.desired ?? null,
    running: state?.running ?? null,
    pending: state?.pending ?? null,
    seenAt: state?.at ?? null,
    lastDecision: decision ? { kind: decision.kind, code: decision.code, why: decision.why, at: decision.at } : null,
    lastOutcome: lastOutcome ? { outcome: lastOutcome.outcome, why: lastOutcome.why, at: lastOutcome.at } : null,
    problem: problem ? { code: problem.code, why: problem.why } : null,
  };
}
