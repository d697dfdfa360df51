import type { CountChange, Memory } from './memory.ts';
import type { LastWrite, Observation } from './observation.ts';
import type { Instant } from './time.ts';

/** How long a reset by a deployment is worth restoring, and the window in which foreign writes are counted. */
const RESTORE_MS = 10 * 60_000;
export const FOREIGN_WINDOW_MS = 60 * 60_000;
/** That many changes by others within the window mean another autoscaler. */
export const FOREIGN_WRITES = 3;
/** Changes are kept as long as the longest period of a rate limit, and a bit. */
const KEEP_CHANGES_MS = 65 * 60_000;

export interface CountHistory {
  readonly memory: Memory;
  /** The raise that this observation shows for the first time. */
  readonly raised?: { readonly at: Instant; readonly to: number };
}

type History = Pick<Memory, 'count' | 'deployment' | 'changes' | 'sent' | 'foreign' | 'manual' | 'restore'>;

/**
 * Takes in the count that ECS has now: what changed, and who changed it. A count equal to our last
 * write is ours, also where the answer to that write was lost. A deployment created with the change
 * has reset it. Anything else is a person; three of them within an hour are another autoscaler.
 * Changes are taken from what is seen at ECS, so that a decision that never happened counts nowhere.
 */
export function trackCount(memory: Memory, observation: Observation, respectManualMs: number, now: Instant): CountHistory {
  const { state, lastWrite } = observation;
  if (state.kind === 'unknown') return { memory };
  const { desired, deploymentCreatedAt } = state;
  const { count, sent, deployment } = memory;
  const restore = memory.restore && now - memory.restore.at < RESTORE_MS && desired < memory.restore.count ? memory.restore : undefined;
  const foreign = memory.foreign.filter((at) => now - at < FOREIGN_WINDOW_MS);
  const manual = memory.manual && now - memory.manual.at < respectManualMs ? memory.manual : undefined;
  const changes = memory.changes.filter((change) => now - change.at < KEEP_CHANGES_MS);
  const seen = (history: Omit<History, 'count' | 'deployment'>): Memory => {
    const { sent: _s, manual: _m, restore: _r, deployment: _d, count: _c, ...rest } = memory;
    return {
      ...rest,
      count: desired,
      ...((deploymentCreatedAt ?? deployment) !== undefined && { deployment: (deploymentCreatedAt ?? deployment) as number }),
      ...history,
    };
  };
  if (count === undefined || count === desired) {
    const waiting = sent !== undefined && isWaiting(sent, state.at, desired, lastWrite, now) ? { sent } : {};
    return { memory: seen({ changes, foreign, ...waiting, ...(manual && { manual }), ...(restore && { restore }) }) };
  }

  const ours = ownWrite(desired, sent, lastWrite);
  const change: CountChange = { at: ours ?? Math.min(state.at, now), from: count, to: desired };
  const all = [...changes, change].slice(-12);
  const raised = desired > count ? { raised: { at: change.at, to: desired } } : {};
  if (ours !== undefined) return { memory: seen({ changes: all, foreign, ...(restore && { restore }) }), ...raised };

  const deployed = deploymentCreatedAt !== undefined && deployment !== undefined && deploymentCreatedAt > deployment;
  if (deployed) {
    const reset = desired < count ? { at: now, count } : restore;
    return { memory: seen({ changes: all, foreign, ...(manual && { manual }), ...(reset && { restore: reset }) }), ...raised };
  }
  const person = now - change.at < respectManualMs ? { manual: { at: change.at, count: desired } } : {};
  return { memory: seen({ changes: all, foreign: [...foreign, change.at].slice(-FOREIGN_WRITES), ...person }), ...raised };
}

/** When we wrote that count, if we did. */
function ownWrite(desired: number, sent: CountChange | undefined, lastWrite: LastWrite | undefined): Instant | undefined {
  if (lastWrite !== undefined && lastWrite.result !== 'failed' && lastWrite.to === desired) return lastWrite.at;
  return sent?.to === desired ? sent.at : undefined;
}

/** How long a decision is waited for that no newer look at ECS and no write has told of. */
const SENT_MS = 10_000;

/** The decision made here last has neither been seen at ECS nor come back without effect. */
function isWaiting(sent: CountChange, lookedAt: Instant, desired: number, lastWrite: LastWrite | undefined, now: Instant): boolean {
  const settled = lastWrite !== undefined && (lastWrite.at > sent.at || (lastWrite.at === sent.at && lastWrite.to === sent.to));
  return desired === sent.from && lookedAt <= sent.at && !settled && now - sent.at < SENT_MS;
}
