import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import type { Table } from './stores/table.ts';

/** What every function is built from: the outside world, passed in. */
export interface System {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly historyDays: number;
  readonly dueShards: number;
  /** A point for charts per service in this time; absent: a minute. */
  readonly pointMs?: number;
}
