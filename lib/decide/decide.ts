import type { Policy } from '../policy/policy.ts';
import { boundsAt } from './bounds.ts';
import { coldStart } from './burst.ts';
import { capacity, lastRaise } from './capacity.ts';
import { combine } from './combine.ts';
import { trackCount } from './count-history.ts';
import type { Decision, TrailStep } from './decision.ts';
import { explainHold, explainScale } from './explain.ts';
import type { Facts } from './facts.ts';
import { activeMinimum, boundsLast } from './guards/bounds.ts';
import { busy } from './guards/busy.ts';
import { deployment, rollout } from './guards/deployment.ts';
import { anotherAutoscaler, deployReset, manualCount } from './guards/foreign.ts';
import type { Guard, Ruling } from './guards/guard.ts';
import { breaker, paused } from './guards/pause.ts';
import { rateIn, rateOut } from './guards/rate.ts';
import { cooldownIn, cooldownOut, panic, stabilizeIn, stabilizeOut } from './guards/wait.ts';
import { hold } from './hold.ts';
import { inFlight } from './in-flight.ts';
import { type Memory, packMemory, parseMemory } from './memory.ts';
import { applyMode } from './mode.ts';
import type { Observation } from './observation.ts';
import { capital } from './sentence.ts';
import { fallbackFloor, trackSilence } from './silence.ts';
import { startUpOf, trackStartUp } from './start-up.ts';
import type { Instant } from './time.ts';
import { learn, learnedFor } from './wants/learn.ts';
import { targetWant } from './wants/target-want.ts';
import { rememberWants } from './windows.ts';

/**
 * The guards in their order. Freshness speaks first, in the wants: a stale reading is unknown, and
 * unknown never scales in. Each one may only make the count safer, until the bounds have the last word.
 */
const GUARDS: readonly Guard[] = [
  deployment,
  rollout,
  manualCount,
  busy,
  panic,
  rateOut,
  rateIn,
  stabilizeOut,
  stabilizeIn,
  cooldownOut,
  cooldownIn,
  deployReset,
  breaker,
  paused,
  anotherAutoscaler,
  boundsLast,
];

export interface Decided {
  readonly decision: Decision;
  /** The same object as was passed in where nothing worth storing has changed. */
  readonly memory: Memory;
}

/**
 * Decides how many tasks a service should have: bounds, wants, combine, guards, mode (docs/deciding.md).
 * Pure: the same arguments give the same result. Counts are absolute. `name` is for the sentences.
 */
export function decide(policy: Policy, observation: Observation, memory: Memory, now: Instant, name: string): Decided {
  if (policy.mode === 'off') return { decision: hold(observation, name, { rule: 'mode', code: 'Off', why: 'the mode is off' }), memory };
  const { state } = observation;
  const counted = trackCount(memory, observation, policy.behavior.respectManualMs, now);
  const { raise: _raise, short: _short, startUps: _startUps, upAt: _upAt, ...others } = counted.memory;
  const heard = trackSilence({ ...others, ...trackStartUp(counted.memory, state, counted.raised) }, policy, observation, now);
  if (state.kind === 'unknown') {
    const why = `what ECS says of the service is not known (${state.why}), and nothing is changed without that`;
    return { decision: hold(observation, name, { code: 'StateUnknown', why, rule: 'state' }), memory: worthStoring(memory, heard) };
  }

  const startUp = startUpOf(policy.behavior.startUpMs, heard.startUps);
  const bounds = boundsAt(policy, observation.intervals, startUp.p95Ms, now, fallbackFloor(heard, policy, now));
  const facts: Facts = { name, now, policy, observation, state, memory: heard, bounds, startUp, ...capacity(state, heard, startUp, now) };
  const learned = learn(facts);
  const taught = { ...heard, watched: heard.watched ?? Math.round(now), learned, ...coldStart(memory, policy, now) };

  const flight = inFlight(facts);
  if (flight !== undefined) return { decision: hold(observation, name, flight), memory: worthStoring(memory, taught) };

  const wants = policy.targets.map((target, i) => targetWant(target, observation.targets[i], learnedFor(facts, i, learned), facts));
  const combined = combine(wants, facts);
  const remembered = rememberWants(taught, combined, facts);

  const trail: TrailStep[] = [...bounds.steps];
  for (const want of wants) trail.push(...want.notes, { rule: want.rule, code: want.code, why: capital(want.why), value: want.count });
  trail.push({ rule: combined.rule, code: combined.code, why: combined.why, value: combined.value });

  let count = combined.value;
  let winner: Pick<Ruling, 'code' | 'until' | 'would'> = { code: combined.code };
  const said: string[] = [];
  const rule = (name: string, ruling: Ruling | undefined) => {
    if (ruling === undefined) return false;
    trail.push({ rule: name, code: ruling.code, why: capital(ruling.why), value: ruling.count });
    if (ruling.count !== count || ruling.final) {
      winner = {
        code: ruling.code,
        ...(ruling.until !== undefined && { until: ruling.until }),
        ...(ruling.would !== undefined && { would: ruling.would }),
      };
      said.push(ruling.why);
    }
    count = ruling.count;
    return ruling.final === true;
  };
  const clamped = Math.min(bounds.cap, Math.max(bounds.floor, count));
  if (clamped !== count)
    rule('bounds', clamped < count ? { ...loweredCap(facts), count: clamped } : { ...bounds.floorWhy, count: clamped });
  const active = activeMinimum(policy, bounds.cap);
  if (count > 0 && count < active.count) rule('bounds', active);
  for (const guard of GUARDS) if (rule(guard.rule, guard.apply(facts, { count, combined, memory: remembered }))) break;
  const allowed = count;
  rule('mode', applyMode(facts, count));

  if (count === state.desired) {
    const would = winner.would;
    const until =
      winner.until ?? (combined.code === 'AwaitingStartUp' && facts.starting > 0 ? lastRaise(heard, now) + startUp.p95Ms : undefined);
    const why = explainHold(facts, { combined, said, would, until: until !== undefined && until > now ? until : undefined });
    const decision: Decision = {
      kind: 'hold',
      from: count,
      to: count,
      code: winner.code,
      why,
      trail,
      ...(until !== undefined && until > now && { until: Math.round(until) }),
      ...(would !== undefined && { would }),
      ...(winner.code === 'AnotherAutoscaler' && { advise: 'observe' as const }),
    };
    return { decision, memory: worthStoring(memory, remembered) };
  }
  const why = explainScale(facts, allowed, { combined, said });
  const sent = { at: now, from: state.desired, to: count };
  return {
    decision: { kind: 'scale', from: state.desired, to: count, code: winner.code, why, trail },
    memory: worthStoring(memory, { ...remembered, sent }),
  };
}

function loweredCap({ state, bounds }: Facts): { code: 'LoweredCap' | Facts['bounds']['capWhy']['code']; why: string } {
  return state.desired > bounds.cap ? { code: 'LoweredCap', why: `${bounds.capWhy.why}, and there are ${state.desired}` } : bounds.capWhy;
}

/** Memory as it will be read again; the old object where that is the same, so that a quiet hold costs no write. */
function worthStoring(before: Memory, after: Memory): Memory {
  const packed = packMemory(after);
  return packed === packMemory(before) ? before : parseMemory(packed);
}
