import type { Clock } from '../clock.ts';
import { keys } from '../stores/keys.ts';
import { itemSchema } from '../stores/read-fields.ts';
import type { Table } from '../stores/table.ts';

/** Work that comes round, as EventBridge brings it to the functions. */
export interface Round {
  readonly name: string;
  readonly everyMs: number;
  /** The first one, so that replicas that start together do not all work at the same instant. */
  readonly firstAfterMs: number;
  readonly work: () => Promise<void>;
}

/**
 * Keeps to its times however long the work takes; a time that the work reached into is left out. Ends when `signal` aborts, after
 * the work under way.
 */
export async function goRound(clock: Clock, round: Round, signal: AbortSignal, onFailure: (error: unknown) => void): Promise<void> {
  let next = clock.now() + round.firstAfterMs;
  for (;;) {
    await clock.sleep(Math.max(0, next - clock.now()), signal);
    if (signal.aborted) return;
    await round.work().catch(onFailure);
    while (next <= clock.now()) next += round.everyMs;
  }
}

/** Gives one round to one of several processes: true for the first that asks, until `until`. */
export interface RoundLeases {
  take(name: string, until: number): Promise<boolean>;
}

const FORGOTTEN_AFTER_MS = 86_400_000;

export const createRoundLeases = (table: Table, clock: Clock): RoundLeases => ({
  async take(name, until) {
    const result = await table.put(
      { ...keys.round(name), schema: itemSchema, until, expires: Math.ceil((until + FORGOTTEN_AFTER_MS) / 1_000) },
      { kind: 'any', of: [{ kind: 'absent' }, { kind: 'less-than', attribute: 'until', value: clock.now() + 1 }] },
    );
    return result === 'written';
  },
});
