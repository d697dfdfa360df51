import type { RequestQueueTimeTarget } from '../../policy/policy.ts';
import type { TrailStep } from '../decision.ts';
import { serversFor } from '../erlang.ts';
import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { TargetSignals } from '../observation.ts';
import { amount, duration, percent, tasks } from '../sentence.ts';
import { wholeTasks } from '../whole-tasks.ts';
import { backlogAhead } from './backlog-ahead.ts';
import { contradicted } from './contradicted.ts';
import { headroomOf, LEAST_HEADROOM } from './headroom.ts';
import { belowRange, type RangeReading, rangeWant, verdict } from './range.ts';
import { MOST_DRAIN, ratioWant } from './ratio-want.ts';
import type { Want } from './want.ts';
import { peakOf, type WebLoad, webLoad } from './web-load.ts';

/** A backlog is to be gone that long after the new tasks are up: whoever comes while it lasts is late, too. */
const DRAIN_MS = 1_000;
/** Sized for that part of the misses that the target allows: at just as many, every other window would miss it. */
export const MARGIN = 0.2;
/** How long it takes until a change of the load shows in complete reports. */
const REPORT_LAG_MS = 15_000;

/**
 * Sizing by queueing theory: `c = ⌈max(N(h·λ_max·S), S·(λ̂ + B/T)) ÷ k⌉`. N is the least number of
 * requests served at once for which the share of requests over the target stays what the target
 * allows (Erlang C), λ_max the most that arrived within the window of scale-in, or is expected when tasks ordered now are up, h the
 * headroom that the service's own misses have taught, λ̂ what arrives now, B the backlog that there will be, beyond what the target allows,
 * when tasks ordered now are up, T the time to drain it, k what one task serves at once.
 * While the target is missed, it wants at least what `range` wants: the model never overrules it.
 */
export function drainWebWant(
  target: RequestQueueTimeTarget,
  range: RangeReading,
  signals: TargetSignals,
  learned: Learned | null,
  facts: Facts,
): Want {
  const stepwise = rangeWant(range, facts);
  const load = webLoad(signals.series, range.newest ?? range.value, range.top, facts.now);
  if ('missing' in load) {
    const overdue = load.few && (stepwise.count ?? 0) > facts.state.desired;
    const step = fallBack(stepwise, load.missing, target.by === 'drain', overdue ? 'the length of the queue decides' : 'steps decide');
    return overdue ? ratioWant(range, UNSEEN, step, facts) : step;
  }
  const k = perTask(target, learned);
  if (k === undefined) return ratioWant(range, load, stepwise, facts);

  const { desired } = facts.state;
  const missed = verdict(range, facts) === 'missed';
  const queueMs = Math.max(range.value, range.newest ?? 0);
  const startUpMs = facts.startUp.p50Ms;
  const { arrivals } = load;
  const expected = arrivals + (load.growth * (startUpMs + REPORT_LAG_MS)) / 1_000;
  const perRequest = load.serviceMs / 1_000 / k;
  const windowMs = facts.policy.behavior.scaleIn.stabilizeMs;
  const peak = peakOf(signals.series, windowMs, range.top, facts.now);
  const headroom = headroomOf(learned ?? {}, facts.now);
  // Headroom is for what no trend shows: on a rate that is foreseen it would be paid twice.
  const most = Math.max(headroom * Math.max(arrivals, peak.arrivals), LEAST_HEADROOM * expected);
  const servers = serversFor((most * load.serviceMs) / 1_000, load.serviceMs, range.top, MARGIN * (1 - target.percentile / 100));
  const needed = servers / k;
  // What waits now, not what waited within the window.
  const waitingMs = range.newest ?? range.value;
  const excess = backlogAhead((arrivals * Math.max(0, waitingMs - range.top)) / 1_000, arrivals, perRequest, facts);
  const drainS = Math.max(DRAIN_MS / 1_000, arrivals > 0 ? excess / (MOST_DRAIN * arrivals) : 0);
  const count = wholeTasks(Math.max(needed, perRequest * (arrivals + excess / drainS)));
  const base = wholeTasks(needed);

  const over = queueMs > range.top ? `${range.label} (${range.show(queueMs)}) is over ${range.show(range.top)}; ` : '';
  const earlier = peak.arrivals > expected * 1.02 ? `, ${amount(peak.arrivals)} within the last ${duration(windowMs)},` : '';
  const rate = `${amount(expected)} req/s${earlier} at ${duration(load.serviceMs)} each need ${tasks(base)} with ${percent(headroom - 1)} headroom`;
  const backlog = count > base ? `, ${count - base} more drain the backlog in ${duration(drainS * 1_000)}` : '';
  const why = `${over}${rate}${backlog}`;
  const notes: TrailStep[] = [];
  const overMs = contradicted(signals, range.top, base, windowMs, facts) ? 0 : peak.overMs;
  const want = { rule: 'drain', notes, newest: count, overMs } as const;
  if (missed && stepwise.count !== null && stepwise.count > count) {
    const explained = stepwise.count === desired;
    const code = explained ? 'AwaitingStartUp' : 'EstimateDoesNotExplain';
    const unexplained = explained
      ? `; ${stepwise.why}`
      : `, which does not explain the queue: a step of ${tasks(stepwise.count - desired)} is tried`;
    return { ...want, count: stepwise.count, newest: Math.max(count, stepwise.newest ?? 0), code, why: `${why}${unexplained}` };
  }
  if (count > desired) return { ...want, count, code: 'DemandAboveCapacity', why };
  // The model may be wrong about fewer: the queue itself must show that there is room.
  if (count < desired && !belowRange(range)) return { ...want, count: desired, code: 'WithinRange', why: `${stepwise.why}; ${why}` };
  return { ...want, count, code: count < desired ? 'DemandBelowCapacity' : 'DemandMatchesCapacity', why };
}

/** A load of which nothing is known but the queue that it made. */
const UNSEEN: WebLoad = { arrivals: 0, growth: 0, serviceMs: 0, queueGrowth: 0 };

/** What one task serves at once: as given, unless the target was missed at less. */
function perTask(target: RequestQueueTimeTarget, learned: Learned | null): number | undefined {
  const proven = learned?.proven ? learned.value : undefined;
  return target.concurrency === undefined ? proven : Math.min(target.concurrency, proven ?? target.concurrency);
}

function fallBack(stepwise: Want, missing: string, asked: boolean, decides: string): Want {
  const rule = asked ? 'The policy asks for drain, which' : 'Sizing by queueing theory';
  const why = `${rule} is not possible yet, for there are ${missing}: ${decides}.`;
  return { ...stepwise, notes: [...stepwise.notes, { rule: 'drain', code: 'EstimateMissing', why, value: null }] };
}
