import { serviceArn } from '../accounts/service-arn.ts';
import type { Instant } from '../clock.ts';
import { boundsAt } from '../decide/bounds.ts';
import { decide } from '../decide/decide.ts';
import type { BoundsInterval, TargetSignals } from '../decide/observation.ts';
import { startUpOf } from '../decide/start-up.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { ObservedTargets } from '../signals/observe-targets.ts';
import type { Control, Pause, StoredDecision } from '../stores/records.ts';
import { decisionId } from './decision-id.ts';
import { pauseOfDenial } from './denied.ts';
import type { EvaluateDeps, Seen } from './evaluate-group.ts';
import { intervalsOf } from './intervals.ts';
import { newControl, nextControl } from './next-control.ts';
import { observationOf } from './observation-of.ts';

/** A conditional write that loses this often has a busier writer beside it: that one decides. */
const TRIES = 3;
/** After a scale decision tick looks this soon at whether its tasks come up. */
const LOOK_AFTER_DECISION_MS = 20_000;

export interface Evaluated {
  readonly config: ServiceConfig;
  readonly decision: StoredDecision;
  readonly control: Control;
  /** What was seen of the policy's targets. */
  readonly targets: readonly TargetSignals[];
  /** When time alone may change what is right: an edge of the calendar, or a silence that has lasted long enough. */
  readonly nextEdgeAt?: Instant;
}

/** Decides one service and stores decision and memory in one conditional write; a lost race is decided anew from what won. */
export async function evaluateService(
  deps: EvaluateDeps,
  config: ServiceConfig,
  first: Control,
  observed: ObservedTargets,
  now: Instant,
  seen: Seen | undefined,
  reportedAt?: Instant,
): Promise<Evaluated> {
  const { targets, lastReportAt } = observed;
  const about = { customer: config.customer, service: config.name };
  const intervals = intervalsOf(config, now);
  const edge = nextEdge(config, first, intervals, lastReportAt, now);
  const result = (control: Control, decision: StoredDecision): Evaluated => ({
    config,
    decision,
    control,
    targets,
    ...(edge === undefined ? {} : { nextEdgeAt: edge }),
  });
  const observe = (control: Control, pauses: readonly Pause[], breaker?: string) =>
    observationOf(control, observed, intervals, now, { seen, pauses, breaker, rival: config.rival });

  let control = first;
  for (let attempt = 1; ; attempt++) {
    let { decision, memory } = decide(config.policy, observe(control, []), control.memory, now, config.name);
    if (decision.kind === 'scale') {
      // What holds a whole fleet is read only when something would change.
      const scalesIn = decision.to < decision.from;
      const denial = pauseOfDenial(control, now);
      const [ordered, breaker] = await Promise.all([
        deps.configs.pauses(config.customer, config.group, config.name, now),
        scalesIn ? deps.breaker.check(control, now) : undefined,
      ]);
      const pauses = denial === undefined ? ordered : [denial, ...ordered];
      if (pauses.length > 0 || breaker !== undefined) {
        ({ decision, memory } = decide(config.policy, observe(control, pauses, breaker), control.memory, now, config.name));
      }
    }
    const next = nextControl(control, decision, memory, seen, () => decisionId(now, deps.random), now);
    if (!next.control) return result(control, next.decision);
    const begun = next.isNew && next.decision.kind === 'scale' && reportedAt !== undefined;
    const entry = { ...about, decision: next.decision };
    // Written down before it stands: of a hold nothing else keeps what each rule wanted. What `scale` acts upon comes with its trail.
    const writtenAhead = next.isNew && next.decision.kind === 'hold';
    if (writtenAhead) await deps.history.put([entry]);
    const committed = (await deps.controls.commit(begun ? { ...next.control, reportedAt } : next.control)) === 'written';
    const there = committed ? undefined : await deps.controls.get(config.customer, config.group, config.name);
    // A write whose answer was lost on the way is sent again below us, and then finds itself.
    if (committed || (next.isNew && there?.decision?.id === next.decision.id)) {
      if (next.control.problem && next.control.problem.code !== control.problem?.code) deps.journal.problem(about, next.control.problem);
      if (next.isNew) await tell(deps, config, control, next.decision);
      return result(next.control, next.decision);
    }
    if (writtenAhead) await deps.history.drop(entry);
    if (attempt === TRIES) {
      deps.journal.warn('Others kept deciding this service at the same time; theirs stand', about);
      return result(control, control.decision ?? next.decision);
    }
    control = there ?? newControl(config.customer, config.group, config.name);
  }
}

/** A new decision is told, and history made whole: what it replaces ends there, a hold that went on or one that nobody acted upon. */
async function tell(deps: EvaluateDeps, config: ServiceConfig, before: Control, decision: StoredDecision): Promise<void> {
  const about = { customer: config.customer, service: config.name };
  deps.journal.decision(about, decision);
  const { decision: last, act } = before;
  const ended = last !== undefined && (last.kind === 'hold' ? last.times > 1 : last.id === act);
  const entries = [...(ended ? [{ ...about, decision: last }] : []), ...(decision.kind === 'scale' ? [{ ...about, decision }] : [])];
  if (entries.length > 0) await deps.history.put(entries);
  if (decision.kind === 'scale') {
    const { accountId, region, cluster } = serviceArn(config.arn);
    await deps.watches.hasten({ customer: config.customer, accountId, region, cluster }, decision.at + LOOK_AFTER_DECISION_MS);
  }
}

/** When time alone may change what is right. */
export function nextEdge(
  { policy }: ServiceConfig,
  { memory }: Control,
  intervals: readonly BoundsInterval[],
  lastReportAt: Instant | undefined,
  now: Instant,
): Instant | undefined {
  const { until } = boundsAt(policy, intervals, startUpOf(policy.behavior.startUpMs, memory.startUps).p95Ms, now);
  const { fallback } = policy.behavior;
  const silentAt = fallback === undefined || lastReportAt === undefined ? undefined : lastReportAt + fallback.afterMs + 1_000;
  const edges = [until, silentAt].flatMap((at) => (at !== undefined && at > now ? [at] : []));
  return edges.length === 0 ? undefined : Math.min(...edges);
}
