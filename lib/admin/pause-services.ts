import type { ConfigStore, PauseScope } from '../stores/ports.ts';
import type { Pause } from '../stores/records.ts';
import { BadRequest } from './bad-request.ts';
import { asJson, type RecordDeps, recorded } from './record-change.ts';

export interface PauseRequest {
  readonly customer?: string | undefined;
  readonly service?: string | undefined;
  readonly all?: boolean | undefined;
  /** Neither: both directions. */
  readonly in?: boolean | undefined;
  readonly out?: boolean | undefined;
  readonly why?: string | undefined;
  readonly forMs?: number | undefined;
}

export interface PauseDeps extends RecordDeps {
  readonly configs: Pick<ConfigStore, 'find' | 'putPause' | 'pauseOf'>;
}

/** Pauses one service, one customer or everything; `scale` reads it before every change, so it holds within seconds. */
export async function pauseServices(
  deps: PauseDeps,
  request: PauseRequest,
): Promise<{ paused: string; in: boolean; out: boolean; until: number | null }> {
  const scope = await scopeOf(deps, request);
  const now = deps.clock.now();
  const both = request.in !== true && request.out !== true;
  const until = request.forMs === undefined ? undefined : now + request.forMs;
  const pause: Pause = {
    in: both || request.in === true,
    out: both || request.out === true,
    why: request.why ?? `paused by hand (${describe(scope)})`,
    at: now,
    ...(until === undefined ? {} : { until }),
  };
  await storePause(deps, scope, pause);
  return { paused: describe(scope), in: pause.in, out: pause.out, until: until ?? null };
}

export interface Resumed {
  readonly resumed: string;
  readonly in: boolean;
  readonly out: boolean;
  /** Whether anything that was asked for was paused by a pause of this very scope. */
  readonly wasPaused: boolean;
  /** Pauses of wider scopes, which go on for what was resumed here. */
  readonly stillPaused: readonly { readonly paused: string; readonly in: boolean; readonly out: boolean; readonly why: string }[];
}

/** Ends a pause, or only one direction of it. */
export async function resumeServices(deps: PauseDeps, request: PauseRequest): Promise<Resumed> {
  const scope = await scopeOf(deps, request);
  const both = request.in !== true && request.out !== true;
  const [scaleIn, out] = [both || request.in === true, both || request.out === true];
  const before = await deps.configs.pauseOf(scope);
  const left = before && !both ? { ...before, in: before.in && !scaleIn, out: before.out && !out } : undefined;
  await storePause(deps, scope, left && (left.in || left.out) ? left : undefined);
  const now = deps.clock.now();
  const stands = (pause: Pause | undefined) =>
    pause !== undefined && (pause.until === undefined || pause.until > now) && ((scaleIn && pause.in) || (out && pause.out));
  const wider = await Promise.all(widerThan(scope).map(async (one) => ({ scope: one, pause: await deps.configs.pauseOf(one) })));
  return {
    resumed: describe(scope),
    in: scaleIn,
    out,
    wasPaused: stands(before),
    stillPaused: wider.flatMap(({ scope: one, pause }) =>
      pause !== undefined && stands(pause)
        ? [{ paused: describe(one), in: scaleIn && pause.in, out: out && pause.out, why: pause.why }]
        : [],
    ),
  };
}

function widerThan(scope: PauseScope): PauseScope[] {
  if (scope.scope === 'all') return [];
  return scope.scope === 'customer' ? [{ scope: 'all' }] : [{ scope: 'customer', customer: scope.customer }, { scope: 'all' }];
}

/** Sets or takes back the pause of a scope, on record. */
export async function storePause(deps: PauseDeps, scope: PauseScope, pause: Pause | undefined, takesBack?: string): Promise<void> {
  const before = await deps.configs.pauseOf(scope);
  if (before === undefined && pause === undefined) return;
  const draft = {
    customer: scope.scope === 'all' ? null : scope.customer,
    ...(scope.scope === 'service' ? { service: scope.service } : {}),
    what: 'pause',
    summary: summaryOf(scope, before, pause),
    before: asJson(before),
    after: asJson(pause),
    ...(takesBack === undefined ? {} : { takesBack }),
  };
  await recorded(deps, [draft], () => deps.configs.putPause(scope, pause));
}

/** What is wrong with the words for what is paused, taken together. */
export function scopeProblems({ customer, service, all }: { readonly [Word in 'customer' | 'service' | 'all']?: unknown }): string[] {
  if (all === true)
    return customer === undefined && service === undefined ? [] : ['all: cannot be given together with a customer or a service'];
  return customer === undefined ? ['customer: give a customer, a customer and a service, or all'] : [];
}

async function scopeOf(deps: PauseDeps, { customer, service, all }: PauseRequest): Promise<PauseScope> {
  const problems = scopeProblems({ customer, service, all });
  if (problems.length > 0) throw new BadRequest(problems);
  if (all === true || customer === undefined) return { scope: 'all' };
  if (service === undefined) return { scope: 'customer', customer };
  const config = await deps.configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  return { scope: 'service', customer, group: config.group, service };
}

function summaryOf(scope: PauseScope, before: Pause | undefined, after: Pause | undefined): string {
  if (after === undefined) return `Resumed ${describe(scope)}.`;
  // One direction of what was paused both ways.
  if (before?.in && before.out && before.at === after.at && after.in !== after.out)
    return `Resumed scaling ${after.in ? 'out' : 'in'} of ${describe(scope)}.`;
  const way = after.in === after.out ? '' : `scaling ${after.in ? 'in' : 'out'} of `;
  return `Paused ${way}${describe(scope)}: ${after.why}.`;
}

function describe(scope: PauseScope): string {
  return scope.scope === 'all'
    ? 'everything'
    : scope.scope === 'customer'
      ? `customer ${scope.customer}`
      : `service ${scope.service} of ${scope.customer}`;
}
