import type { Instant } from '../clock.ts';
import type { Decision } from '../decide/decision.ts';
import { emptyMemory, type Memory } from '../decide/memory.ts';
import type { StateReading } from '../decide/observation.ts';
import type { Control, Problem, StoredDecision } from '../stores/records.ts';
import { pauseOfDenial } from './denied.ts';
import type { Seen } from './evaluate-group.ts';

/** A decision that was not acted upon within this time never will be. */
export const DECISION_LIFETIME_MS = 60_000;
/** Of the problem that a service's tags are not what they may be. */
export const BAD_TAGS = 'BadTags';
/** A hold that goes on is written again this often, so that "until" in the records stays honest. */
const HOLD_REFRESH_MS = 30 * 60_000;

export function newControl(customer: string, group: string, service: string): Control {
  return { customer, group, service, version: 0, state: { kind: 'unknown', why: 'ECS was not asked yet' }, memory: emptyMemory };
}

/** The decision of `control` that still waits to be acted upon, if there is one. */
export function inFlight(control: Control, now: Instant): { decision: string; at: Instant; to: number } | undefined {
  const { decision, act } = control;
  if (act === undefined || decision?.kind !== 'scale' || decision.id !== act || now - decision.at >= DECISION_LIFETIME_MS) return undefined;
  return { decision: act, at: decision.at, to: decision.to };
}

/** A hold that says the same as the one before, about the same count, goes on; it is no new decision. */
function continues(before: StoredDecision | undefined, now: Decision): before is StoredDecision {
  return before?.kind === 'hold' && now.kind === 'hold' && before.code === now.code && before.to === now.to && before.would === now.would;
}

function sameState(a: StateReading, b: StateReading): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return a.kind === b.kind;
  return (
    a.desired === b.desired &&
    a.running === b.running &&
    a.pending === b.pending &&
    a.deployment === b.deployment &&
    a.deploymentCreatedAt === b.deploymentCreatedAt
  );
}

/** What is wrong with the service's tags; a look that did not ask for them says nothing of it. */
export const tagProblem = ({ problem }: Control): Problem | undefined => (problem?.code === BAD_TAGS ? problem : undefined);

export interface NextControl {
  /** What to store, or undefined where nothing changed that is worth a write. */
  readonly control?: Control;
  /** The decision as it will be remembered. */
  readonly decision: StoredDecision;
  /** It is a new one, not a hold that goes on. */
  readonly isNew: boolean;
}

/** What an evaluation leaves: decision and memory in one item, so that they are one conditional write. */
export function nextControl(
  before: Control,
  decision: Decision,
  memory: Memory,
  seen: Seen | undefined,
  id: () => string,
  now: Instant,
): NextControl {
  const pending = inFlight(before, now);
  const state = seen?.state ?? before.state;
  // That the service can be read does not mend that it may not be changed.
  const denied = pauseOfDenial(before, now) === undefined ? undefined : before.problem;
  const problem = seen === undefined ? before.problem : (seen.problem ?? denied ?? (seen.tagsRead ? undefined : tagProblem(before)));
  const waits = pending !== undefined && decision.kind === 'hold' && decision.code === 'InFlight';
  const goesOn = continues(before.decision, decision);
  const stored: StoredDecision =
    waits && before.decision
      ? before.decision
      : goesOn
        ? { ...decision, id: before.decision.id, at: before.decision.at, lastAt: now, times: before.decision.times + 1 }
        : { ...decision, id: id(), at: now, lastAt: now, times: 1 };
  const act = decision.kind === 'scale' ? stored.id : waits ? before.act : undefined;
  const isNew = !waits && !goesOn;
  const changed =
    isNew ||
    act !== before.act ||
    memory !== before.memory ||
    problem?.code !== before.problem?.code ||
    !sameState(state, before.state) ||
    (goesOn && now - before.decision.lastAt >= HOLD_REFRESH_MS);
  if (!changed) return { decision: stored, isNew };
  const { customer, group, service, version, lastWrite, lastOutcome } = before;
  return {
    control: {
      customer,
      group,
      service,
      version,
      state,
      memory,
      decision: stored,
      ...(act === undefined ? {} : { act }),
      ...(waits && before.reportedAt !== undefined ? { reportedAt: before.reportedAt } : {}),
      ...(lastWrite ? { lastWrite } : {}),
      ...(lastOutcome ? { lastOutcome } : {}),
      ...(problem ? { problem } : {}),
    },
    decision: stored,
    isNew,
  };
}
