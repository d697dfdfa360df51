import { decide } from '../../lib/decide/decide.ts';
import type { Decision } from '../../lib/decide/decision.ts';
import { emptyMemory, type Memory } from '../../lib/decide/memory.ts';
import type { LastWrite, Observation, StateReading, TargetSignals } from '../../lib/decide/observation.ts';
import type { Policy } from '../../lib/policy/policy.ts';
import { seconds, T0 } from './times.ts';

/** What a story may set before an evaluation; whatever is left out is as ECS would have it. */
export interface Scene {
  readonly targets?: readonly TargetSignals[];
  readonly state?: Partial<Extract<StateReading, { kind: 'known' }>> | { readonly kind: 'unknown'; readonly why: string };
  readonly observation?: Partial<Observation>;
}

/**
 * A service whose decisions are carried out: every evaluation sees the counts that ECS would have,
 * tasks start `startUpMs` after they are ordered, and memory goes from one evaluation to the next. Unless a memory is given, the
 * count is known already: for a cold start give the empty one.
 */
export function aStory(
  policy: Policy,
  options: { tasks?: number; startUpMs?: number; memory?: Memory; name?: string; settle?: LastWrite['result'] } = {},
) {
  const startUpMs = options.startUpMs ?? seconds(20);
  let desired = options.tasks ?? 2;
  let upAt: number[] = Array.from({ length: desired }, () => 0);
  let memory: Memory = options.memory ?? { ...emptyMemory, count: desired };
  let lastWrite: LastWrite | undefined;
  let writes = 0;
  const set = (count: number, at: number) => {
    while (upAt.length < count) upAt.push(at + startUpMs);
    upAt = upAt.toSorted((a, b) => a - b).slice(0, count);
    desired = count;
  };
  return {
    /** Evaluates at `T0 + sinceStart` and carries the decision out. */
    at(sinceStart: number, scene: Scene = {}): Decision {
      const now = T0 + sinceStart;
      const running = upAt.filter((up) => up <= now).length;
      const state: StateReading =
        scene.state?.kind === 'unknown'
          ? (scene.state as { kind: 'unknown'; why: string })
          : { kind: 'known', at: now, desired, running, pending: desired - running, deployment: 'none', ...scene.state };
      const observation: Observation = {
        state,
        lastReportAt: now,
        targets: scene.targets ?? [],
        intervals: [],
        paused: { in: false, out: false },
        ...(lastWrite && { lastWrite }),
        ...scene.observation,
      };
      const decided = decide(policy, observation, memory, now, options.name ?? 'web');
      if (decided.memory !== memory) writes++;
      memory = decided.memory;
      if (decided.decision.kind === 'scale') {
        const result = options.settle ?? 'applied';
        lastWrite = { decision: `d${now}`, at: now + 1, from: desired, to: decided.decision.to, result };
        if (result === 'applied') set(decided.decision.to, now);
      }
      return decided.decision;
    },
    /** Somebody else, or a deploy, sets the count. */
    foreign(count: number, sinceStart: number) {
      set(count, T0 + sinceStart);
    },
    /** How many tasks are up. */
    running: (sinceStart: number) => upAt.filter((up) => up <= T0 + sinceStart).length,
    get desired() {
      return desired;
    },
    get memory() {
      return memory;
    },
    /** How many evaluations left a memory worth storing. */
    get writes() {
      return writes;
    },
  };
}
