import { serviceArn } from '../accounts/service-arn.ts';
import type { Clock } from '../clock.ts';
import type { Override } from '../policy/policy.ts';
import type { ConfigStore, WatchStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';

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

interface OverrideDeps {
  readonly configs: Pick<ConfigStore, 'find' | 'putOverrides'>;
  readonly watches: Pick<WatchStore, 'hasten'>;
  readonly clock: Clock;
}

/** Raises the floor or lowers the cap of one service for a while; it ends by itself. One with the same name is replaced. */
export async function overrideService(
  deps: OverrideDeps,
  request: OverrideRequest,
): Promise<{ service: string; overrides: readonly Override[] }> {
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
  const { customer, group, arn } = config;
  if ((await deps.configs.putOverrides(customer, group, config.name, overrides)) === 'condition-failed') {
    throw new BadRequest([`service: ${request.service} was removed just now`]);
  }
  const { accountId, region, cluster } = serviceArn(arn);
  await deps.watches.hasten({ customer, accountId, region, cluster }, now);
  return { service: config.name, overrides };
}

function problemsOf({ min, max, forMs, until: given }: OverrideRequest, until: number | undefined, now: number): string[] {
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
