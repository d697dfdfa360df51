import type { Override } from '../policy/policy.ts';
import { parseStoredServiceConfig, storeServiceConfig } from '../policy/store-policy.ts';
import type { ChangeStore, ConfigStore, PauseScope } from '../stores/ports.ts';
import type { Change, Json, Pause } from '../stores/records.ts';
import { type ApplyDeps, applyConfigs } from './apply-configs.ts';
import { BadRequest } from './bad-request.ts';
import { type OverrideDeps, storeOverrides } from './override-service.ts';
import { type PauseDeps, storePause } from './pause-services.ts';
import { limitOf, type PrincipalDeps, refuseOneself, setLimit } from './principals.ts';
import { sameJson } from './record-change.ts';
import { type RemoveDeps, removeService } from './remove-service.ts';

export interface RollBackDeps extends ApplyDeps, OverrideDeps, PauseDeps, RemoveDeps, PrincipalDeps {
  readonly configs: ConfigStore;
  readonly watches: ApplyDeps['watches'] & OverrideDeps['watches'] & RemoveDeps['watches'];
  readonly controls: ApplyDeps['controls'] & RemoveDeps['controls'];
  readonly changes: ChangeStore;
}

export interface RollBackRequest {
  readonly customer: string | null;
  readonly change: string;
  /** Also where something was changed again since: that is lost then. */
  readonly force?: boolean | undefined;
}

/**
 * Puts back what was before a change, through the same use cases that make changes, and on record. Where it was changed again
 * since, that is told and nothing is done, unless `force` says so.
 */
export async function rollBack(deps: RollBackDeps, request: RollBackRequest): Promise<{ rolledBack: string; summary: string }> {
  const change = await deps.changes.get(request.customer, request.change);
  if (!change) {
    const whose = request.customer === null ? 'no change of the operator’s' : `customer ${request.customer} has no change`;
    throw new BadRequest([`change: ${whose} ${request.change}: sluice changes lists them`]);
  }
  switch (change.what) {
    case 'config':
      return done(change, await rollBackConfig(deps, change, request));
    case 'overrides':
      return done(change, await rollBackOverrides(deps, change, request));
    case 'pause':
      return done(change, await rollBackPause(deps, change, request));
    case 'principal':
      return done(change, await rollBackPrincipal(deps, change, request));
    default:
      throw new BadRequest([
        `change: ${change.id} cannot be taken back (${change.summary}): ${instead[change.what] ?? 'what was before is not kept'}`,
      ]);
  }
}

/** What can be done about a change that is not taken back: what it did away with, or made, is a secret that is not kept. */
const instead: Readonly<Record<string, string>> = {
  token: 'secrets are not kept; sluice token create makes a token, sluice token revoke ends one',
  account: 'trust is proved anew, not put back; sluice connect connects an account, sluice disconnect ends it',
  customer: 'what was deleted does not come back; sluice apply of an exported file, after sluice connect, begins anew',
};

const done = (change: Change, summary: string) => ({ rolledBack: change.id, summary });

/** @throws BadRequest where what is stored now is not what the change left. */
function unlessChangedSince(change: Change, now: unknown, { force }: RollBackRequest): void {
  if (force === true || sameJson(now, change.after)) return;
  throw new BadRequest([
    `change: ${change.service ?? 'this'} was changed again after ${change.id}: roll back the later changes first, or force it, and they are lost`,
  ]);
}

async function configOf(deps: RollBackDeps, { customer, service, id }: Change) {
  if (customer === null || service === undefined) throw new BadRequest([`change: ${id} names no service`]);
  return { customer, service, config: await deps.configs.find(customer, service) };
}

async function rollBackConfig(deps: RollBackDeps, change: Change, request: RollBackRequest): Promise<string> {
  const { customer, service, config } = await configOf(deps, change);
  unlessChangedSince(change, config ? storeServiceConfig(config) : null, request);
  if (change.before === null) {
    if (config) await removeService(deps, { customer, service, takesBack: change.id });
    return `${service} is out of care again.`;
  }
  const parsed = parseStoredServiceConfig(change.before);
  if (!parsed.ok) throw new BadRequest([`change: what was before ${change.id} cannot be read any more: ${parsed.why}`]);
  const [applied] = await applyConfigs(deps, [parsed.config], { takesBack: change.id });
  if (applied?.problem) throw new BadRequest([`${service}: refused, ${applied.problem.code}: ${applied.problem.why}`]);
  return `${service} has the policy from before ${new Date(change.at).toISOString()} again.`;
}

async function rollBackOverrides(deps: RollBackDeps, change: Change, request: RollBackRequest): Promise<string> {
  const { service, config } = await configOf(deps, change);
  if (!config) throw new BadRequest([`change: ${service} is not under care any more`]);
  unlessChangedSince(change, config.overrides ?? [], request);
  const now = deps.clock.now();
  const overrides = overridesIn(change.before).filter(({ until }) => until > now);
  await storeOverrides(deps, config, overrides, `Put the overrides of ${service} back.`, change.id);
  return overrides.length === 0 ? `${service} has no override.` : `${service} has the overrides from before again.`;
}

async function rollBackPause(deps: RollBackDeps, change: Change, request: RollBackRequest): Promise<string> {
  const scope = await scopeOf(deps, change);
  unlessChangedSince(change, (await deps.configs.pauseOf(scope)) ?? null, request);
  const pause = pauseIn(change.before);
  const holds = pause !== undefined && (pause.until === undefined || pause.until > deps.clock.now());
  await storePause(deps, scope, holds ? pause : undefined, change.id);
  return holds ? 'The pause from before is in force again.' : 'The pause is taken back.';
}

async function rollBackPrincipal(deps: RollBackDeps, change: Change, request: RollBackRequest): Promise<string> {
  const { arn, customer } = isRecord(change.before) ? change.before : {};
  if (typeof arn !== 'string') throw new BadRequest([`change: ${change.id} names no principal`]);
  const now = await deps.principals.customerOf(arn);
  unlessChangedSince(change, limitOf(arn, now), request);
  const before = typeof customer === 'string' ? customer : undefined;
  if (before !== undefined) refuseOneself(deps, arn);
  await setLimit(deps, arn, now, before, change.id);
  return before === undefined ? `${arn} sees all customers again.` : `${arn} sees customer ${before} only again.`;
}

async function scopeOf(deps: RollBackDeps, change: Change): Promise<PauseScope> {
  if (change.customer === null) return { scope: 'all' };
  if (change.service === undefined) return { scope: 'customer', customer: change.customer };
  const { customer, service, config } = await configOf(deps, change);
  if (!config) throw new BadRequest([`change: ${service} is not under care any more`]);
  return { scope: 'service', customer, group: config.group, service };
}

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const count = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);

function overridesIn(value: Json): Override[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: Json) => {
    if (!isRecord(each)) return [];
    const { name, from, until, min, max } = each;
    if (typeof name !== 'string' || typeof from !== 'number' || typeof until !== 'number') return [];
    const [floor, cap] = [count(min), count(max)];
    return [{ name, from, until, ...(floor === undefined ? {} : { min: floor }), ...(cap === undefined ? {} : { max: cap }) }];
  });
}

function pauseIn(value: Json): Pause | undefined {
  if (!isRecord(value) || typeof value['why'] !== 'string' || typeof value['at'] !== 'number') return undefined;
  const until = count(value['until']);
  return {
    in: value['in'] === true,
    out: value['out'] === true,
    why: value['why'],
    at: value['at'],
    ...(until === undefined ? {} : { until }),
  };
}
