import { foundWith, knownOver, scaleInWindow } from '../scale-in-window.ts';
import { clock, duration } from '../sentence.ts';
import { dueAt, extremeOf } from '../streak.ts';
import { type Guard, keepUnderCap } from './guard.ts';

/** A burst is on, or the service was never seen before: no scale-in until that has been over for a while (Knative's panic mode). */
export const panic: Guard = {
  rule: 'panic',
  apply: (facts, { count, memory }) => {
    const keep = keepUnderCap(facts);
    if (count >= keep) return undefined;
    const { panicUntil = 0, coldUntil = 0 } = memory;
    const until = Math.max(panicUntil, coldUntil);
    if (facts.now >= until) return undefined;
    const what = panicUntil >= coldUntil ? 'a burst is on' : 'nothing is known of what was before';
    return { code: 'Panic', why: `${what}, nothing is removed until ${clock(until)} at least`, count: keep, until };
  },
};

/**
 * Scale-in goes to the highest count wanted in the window, and only when the whole window was seen: a
 * cold start has seen nothing, so it removes nothing.
 */
export const stabilizeIn: Guard = {
  rule: 'stabilize-in',
  apply: (facts, { count, combined, memory }) => {
    const keep = keepUnderCap(facts);
    const { ms: windowMs, why: longer } = scaleInWindow(facts);
    if (count >= keep || windowMs === 0 || knownOver(combined, memory, facts)) return undefined;
    const highest = memory.low && extremeOf(memory.low, 'in', windowMs, facts.now);
    const until = memory.low ? dueAt(memory.low, windowMs, facts.now) : facts.now + windowMs;
    const found = foundWith(combined, memory, facts);
    if (highest === undefined && found !== undefined && found < keep) {
      if (count >= found) return undefined;
      const why = `${found} were there when it was first seen, and before ${clock(until)} it is not known what they were needed for`;
      return { code: 'ScaleInStabilizing', why, count: found, until };
    }
    if (highest === undefined) {
      const why = `fewer tasks must be enough for ${duration(windowMs)}${longer}, which is so at ${clock(until)} at the earliest`;
      return { code: 'ScaleInStabilizing', why, count: keep, until };
    }
    if (highest <= count) return undefined;
    return {
      code: 'ScaleInStabilizing',
      why: `${highest} is the most that was wanted in the last ${duration(windowMs)}${longer}`,
      count: Math.min(highest, keep),
      until,
    };
  },
};

/** Scale-out waits for its own window, where the policy sets one; a burst does not. */
export const stabilizeOut: Guard = {
  rule: 'stabilize-out',
  apply: (facts, { count, memory }) => {
    const { desired } = facts.state;
    const windowMs = facts.policy.behavior.scaleOut.stabilizeMs;
    if (count <= desired || windowMs === 0 || inPanic(memory.panicUntil, facts.now)) return undefined;
    const lowest = memory.high && extremeOf(memory.high, 'out', windowMs, facts.now);
    if (lowest !== undefined && lowest >= count) return undefined;
    const until = memory.high ? dueAt(memory.high, windowMs, facts.now) : facts.now + windowMs;
    const why =
      lowest === undefined
        ? `more tasks must be wanted for ${duration(windowMs)}, which is so at ${clock(until)}`
        : `${lowest} is the least that was wanted in the last ${duration(windowMs)}`;
    return { code: 'ScaleOutStabilizing', why, count: lowest ?? desired, until };
  },
};

/** The pace between two scale-outs, where the policy sets one; a burst does not wait for it. */
export const cooldownOut: Guard = {
  rule: 'cooldown-out',
  apply: (facts, { count, memory }) => {
    const { desired } = facts.state;
    const { cooldownMs } = facts.policy.behavior.scaleOut;
    const last = memory.changes.findLast((change) => change.to > change.from);
    if (count <= desired || last === undefined || facts.now - last.at >= cooldownMs || inPanic(memory.panicUntil, facts.now))
      return undefined;
    const until = last.at + cooldownMs;
    return {
      code: 'ScaleOutCooldown',
      why: `the last scale-out was ${duration(facts.now - last.at)} ago, the next may come at ${clock(until)}`,
      count: desired,
      until,
    };
  },
};

/** The pace of scale-in, counted from the last change in either direction. */
export const cooldownIn: Guard = {
  rule: 'cooldown-in',
  apply: (facts, { count, memory }) => {
    const { desired } = facts.state;
    const { cooldownMs } = facts.policy.behavior.scaleIn;
    const last = memory.changes.at(-1);
    if (count >= desired || last === undefined || facts.now - last.at >= cooldownMs) return undefined;
    const until = last.at + cooldownMs;
    return {
      code: 'ScaleInCooldown',
      why: `the last change was ${duration(facts.now - last.at)} ago, tasks may be removed from ${clock(until)}`,
      count: desired,
      until,
    };
  },
};

const inPanic = (until: number | undefined, now: number) => until !== undefined && now < until;
