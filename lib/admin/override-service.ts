import type { Override, ServiceConfig } from '../policy/policy.ts';
import type { ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { type LookSoonDeps, lookSoon } from './look-soon.ts';
import { asJson, type RecordDeps, recorded } from './record-change.ts';

/** More at once than anybody orders; the item stays small. */
const MOST_OVERRIDES = 10;
const MOST_TASKS = 5_000;
const LONGEST_MS = 31 * 86_400_000;

export interface OverrideRequest {
  readonly customer: string;
  readonly service: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly forMs?: number | undefined;
  /** Instead of `forMs`: an instant, ms since the epoch. */
  readonly until?: number | undefined;
  readonly name?: string | undefined;
  /** Takes back every override of the service. */
  readonly clear?: boolean | undefined;
}

export interface OverrideDeps extends RecordDeps, LookSoonDeps {
  readonly configs: Pick<ConfigStore, 'find' | 'putOverrides'>;
}

/** Raises the floor or lowers the cap of one service for a while; it ends by itself. One with the same name is replaced. */
export async function overrideService(
  deps: OverrideDeps,
  request: OverrideRequest,
): Promise<{ service: string; overrides: readonly Override[]; warnings: readonly string[] }> {
  const now = deps.clock.now();
  const until = request.until ?? (request.forMs === undefined ? undefined : now + request.forMs);
  const problems = request.clear === true ? [] : problemsOf(request, until, now);
  const config = await deps.configs.find(request.customer, request.service);
  if (!config) problems.push(`service: customer ${request.customer} has no service ${request.service}`);
  if (problems.length > 0 || !config) throw new BadRequest(problems);

  const { min, max } = request;
  const name = request.name ?? 'by hand';
  const inForce = (config.overrides ?? []).filter((override) => override.until > now && override.name !== name);
  const overrides: Override[] =
    request.clear === true || until === undefined
      ? []
      : [...inForce, { name, from: now, until, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }];
  if (overrides.length > MOST_OVERRIDES)
    throw new BadRequest([`service: has ${inForce.length} overrides already; ${MOST_OVERRIDES} is the most`]);
  const summary =
    request.clear === true
      ? `Took back the overrides of ${config.name}.`
      : `Overrode ${config.name}: ${[min === undefined ? '' : `min ${min}`, max === undefined ? '' : `max ${max}`].filter((part) => part !== '').join(', ')} until ${new Date(until ?? now).toISOString()}.`;
  await storeOverrides(deps, config, overrides, summary);
  return { service: config.name, overrides, warnings: request.clear === true ? [] : overCap(config, overrides) };
}

/** A floor over the cap is no mistake, since schedules and tags move the cap; but whoever orders it may not know that the cap wins. */
function overCap({ name, policy, tags }: ServiceConfig, overrides: readonly Override[]): string[] {
  const cap = Math.min(policy.max, ...overrides.flatMap(({ max }) => (max === undefined ? [] : [max])));
  const high = overrides.flatMap(({ min }) => (min === undefined || min <= cap ? [] : [min]));
  if (high.length === 0) return [];
  const from = cap < policy.max ? 'by an override' : tags?.say.max === undefined ? 'by tasks.max of its policy' : 'by the tag sluice:max';
  return [
    `min ${Math.max(...high)} is over the cap of ${name}, which is ${cap} ${from}: the cap wins, and it runs ${cap} tasks at most. Raise that first if more are wanted.`,
  ];
}

/** Replaces the overrides of a service, on record, and has it looked at soon. */
export async function storeOverrides(
  deps: OverrideDeps,
  config: ServiceConfig,
  overrides: readonly Override[],
  summary: string,
  takesBack?: string,
): Promise<void> {
  const { customer, group, name } = config;
  const draft = {
    customer,
    service: name,
    what: 'overrides',
    summary,
    before: asJson(config.overrides ?? []),
    after: asJson(overrides),
    ...(takesBack === undefined ? {} : { takesBack }),
  };
  await recorded(deps, [draft], async () => {
    if ((await deps.configs.putOverrides(customer, group, name, overrides)) === 'condition-failed')
      throw new BadRequest([`service: ${name} was removed just now`]);
    await lookSoon(deps, config);
  });
}

/**
 * What is wrong with the fields of an order taken together, some of which are not even of their kind, as is told elsewhere: those
 * count as given rightly.
 */
export function problemsAcross({ min, max, forMs, until, clear }: Readonly<Record<string, unknown>>, now: number): string[] {
  if (clear === true) return [];
  const numberOr = (value: unknown, otherwise: number) => (value === undefined ? undefined : typeof value === 'number' ? value : otherwise);
  const order = { min: numberOr(min, 0), max: numberOr(max, MOST_TASKS), forMs: numberOr(forMs, 1), until: numberOr(until, now + 1) };
  return problemsOf(order, order.until ?? (order.forMs === undefined ? undefined : now + order.forMs), now);
}

type Ordered = Partial<Pick<OverrideRequest, 'min' | 'max' | 'forMs' | 'until'>>;

function problemsOf({ min, max, forMs, until: given }: Ordered, until: number | undefined, now: number): string[] {
  const problems: string[] = [];
  if (min === undefined && max === undefined) problems.push('min: give a min, a max or both');
  for (const [name, count] of [
    ['min', min],
    ['max', max],
  ] as const) {
    if (count !== undefined && (!Number.isInteger(count) || count < 0 || count > MOST_TASKS))
      problems.push(`${name}: must be a whole number from 0 to ${MOST_TASKS}; got ${count}`);
  }
  if (min !== undefined && max !== undefined && min > max) problems.push(`min: ${min} is over max ${max}`);
  if (forMs !== undefined && given !== undefined) problems.push('until: give how long or until when, not both');
  else if (until === undefined) problems.push('until: an override ends by itself: give how long or until when');
  else if (until <= now) problems.push('until: is in the past');
  else if (until - now > LONGEST_MS) problems.push('until: is more than 31 days away; change the policy instead');
  return problems;
}
