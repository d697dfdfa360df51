import middy from '@middy/core';
import * as z from 'zod/mini';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import { createBreaker } from '../evaluate/breaker.ts';
import { createPointRecorder } from '../evaluate/point-recorder.ts';
import { noEarlyAnswer } from '../no-early-answer.ts';
import { safeParse } from '../safe-parse.ts';
import { createAccountStore } from '../stores/account-store.ts';
import { createBreakerStore } from '../stores/breaker-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createHistoryStore } from '../stores/history-store.ts';
import { keyName } from '../stores/key-name-field.ts';
import { createPointStore } from '../stores/point-store.ts';
import type { WatchKey } from '../stores/ports.ts';
import { createReportStore } from '../stores/report-store.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import type { System } from '../system.ts';
import { type LookDeps, lookAtWatches } from './look-at-watches.ts';
import { runTick } from './run-tick.ts';

/** What tick sends itself when there is more to look at than one invocation does. */
export interface ShardEvent {
  readonly watches: readonly WatchKey[];
}

const shardEvent = z.object({
  watches: z.array(z.object({ customer: keyName, accountId: keyName, region: keyName, cluster: keyName })).check(z.maxLength(100)),
});

export interface TickSystem extends System {
  readonly customerAws: CustomerAws;
  /** Invokes tick again, asynchronously. */
  readonly fanOut: (event: ShardEvent) => Promise<void>;
}

/** The minute's event finds what is due; an event with watches is one shard of it. */
export function createTick(system: TickSystem) {
  const { table, clock, random, journal, customerAws } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const watches = createWatchStore(table, { shards: system.dueShards, onUnreadable });
  const deps: LookDeps = {
    clock,
    random,
    journal,
    customerAws,
    watches,
    configs: createConfigStore(table, { onUnreadable }),
    controls: createControlStore(table, { onUnreadable }),
    reports: createReportStore(table, { clock }),
    breaker: createBreaker(createBreakerStore(table), journal),
    history: createHistoryStore(table, { clock, days: system.historyDays, onUnreadable }),
    points: createPointRecorder(createPointStore(table, { clock, days: system.historyDays }), journal, system.pointMs),
    accounts: createAccountStore(table, { onUnreadable }),
  };
  return middy<unknown, void>(noEarlyAnswer).handler(async (event) => {
    const shard = safeParse(shardEvent, event);
    if (shard.success) return lookAtWatches(deps, shard.data.watches);
    await runTick({ watches, clock, look: (keys) => lookAtWatches(deps, keys), fanOut: (keys) => system.fanOut({ watches: keys }) });
  });
}
