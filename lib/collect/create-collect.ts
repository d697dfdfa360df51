import middy from '@middy/core';
import * as z from 'zod/mini';
import { createBreaker } from '../evaluate/breaker.ts';
import { createGroupWatcher } from '../ingest/group-watcher.ts';
import { noEarlyAnswer } from '../no-early-answer.ts';
import { safeParse } from '../safe-parse.ts';
import { createAccountStore } from '../stores/account-store.ts';
import { createBreakerStore } from '../stores/breaker-store.ts';
import { type CollectKey, createCollectStore } from '../stores/collect-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createHistoryStore } from '../stores/history-store.ts';
import { keyName } from '../stores/key-name-field.ts';
import { createLeaseStore } from '../stores/lease-store.ts';
import { createReportStore } from '../stores/report-store.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import type { System } from '../system.ts';
import { type CollectDeps, collectGroups } from './collect-groups.ts';
import { createComplaints } from './complaints.ts';
import type { MetricsAws } from './metrics-aws.ts';
import { createRefusals } from './refusals.ts';
import { runCollect } from './run-collect.ts';

/** What collect sends itself when there are more groups than one invocation collects for. */
export interface CollectShardEvent {
  readonly groups: readonly CollectKey[];
}

const shardEvent = z.object({ groups: z.array(z.object({ customer: keyName, group: keyName })).check(z.maxLength(100)) });

export interface CollectSystem extends System {
  readonly metricsAws: MetricsAws;
  /** Invokes collect again, asynchronously. */
  readonly fanOut: (event: CollectShardEvent) => Promise<void>;
  readonly wholeMinute?: CollectDeps['wholeMinute'];
}

/** The minute's event collects for everybody; an event with groups is one shard of it. */
export function createCollect(system: CollectSystem) {
  const { table, clock, random, journal, metricsAws, wholeMinute } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const configs = createConfigStore(table, { onUnreadable });
  const collects = createCollectStore(table, { shards: system.dueShards, onUnreadable });
  const deps: CollectDeps = {
    clock,
    random,
    journal,
    metricsAws,
    configs,
    collects,
    controls: createControlStore(table, { onUnreadable }),
    reports: createReportStore(table, { clock }),
    history: createHistoryStore(table, { clock, days: system.historyDays, onUnreadable }),
    watches: createWatchStore(table, { shards: system.dueShards, onUnreadable }),
    accounts: createAccountStore(table, { onUnreadable }),
    breaker: createBreaker(createBreakerStore(table), journal),
    leases: createLeaseStore(table),
    groups: createGroupWatcher(configs, clock),
    refusals: createRefusals(clock),
    complaints: createComplaints(journal, clock),
    ...(wholeMinute === undefined ? {} : { wholeMinute }),
  };
  return middy<unknown, void>(noEarlyAnswer).handler(async (event) => {
    const shard = safeParse(shardEvent, event);
    if (shard.success) return collectGroups(deps, shard.data.groups);
    await runCollect({ collects, collect: (groups) => collectGroups(deps, groups), fanOut: (groups) => system.fanOut({ groups }) });
  });
}
