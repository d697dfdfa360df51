import { lastRaise } from '../capacity.ts';
import type { Facts } from '../facts.ts';

/**
 * How many requests will wait, beyond what the target allows, when tasks that are ordered now are up. Till then the tasks at work serve what they
 * can, and those that start already do from when they are up. Where nothing is left by then, more tasks would come too late to drain
 * anything. A queue that nobody sees yet is not forecast: the arrivals themselves ask for tasks already.
 * @param waiting requests that wait beyond that now. @param arrivals per second. @param perRequest seconds of one task that one takes.
 */
export function backlogAhead(
  waiting: number,
  arrivals: number,
  perRequest: number,
  facts: Pick<Facts, 'now' | 'state' | 'starting' | 'startUp' | 'memory'>,
): number {
  if (waiting <= 0 || perRequest <= 0) return 0;
  const { running } = facts.state;
  const startUpS = facts.startUp.p50Ms / 1_000;
  const served = (tasks: number) => tasks / perRequest;
  const startingUpS =
    facts.starting > 0 ? Math.min(startUpS, Math.max(0, startUpS - (facts.now - lastRaise(facts.memory, facts.now)) / 1_000)) : startUpS;
  const then = Math.max(0, waiting + (arrivals - served(running)) * startingUpS);
  return Math.max(0, then + (arrivals - served(running + facts.starting)) * (startUpS - startingUpS));
}
