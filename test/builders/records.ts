import { emptyMemory } from '../../lib/decide/memory.ts';
import type { Control, HistoryEntry, OutcomeRecord, StoredDecision, StoredReport } from '../../lib/stores/records.ts';
import { seconds, T0 } from './times.ts';

type Scale = Extract<StoredDecision, { kind: 'scale' }>;

export const aStoredDecision = (overrides: Partial<Scale> = {}): Scale => ({
  kind: 'scale',
  id: '01K6ZT5W8Q4X2N7D3M9RBVYHEC',
  at: T0,
  lastAt: T0,
  times: 1,
  from: 6,
  to: 11,
  code: 'QueueTimeHigh',
  why: 'Scaling web from 6 to 11: p95 queue time 340 ms is over 50 ms; 42 req/s at 180 ms each need 9 tasks, 2 more drain the backlog in 60 s.',
  trail: [
    { rule: 'bounds', code: 'WithinBounds', why: 'Between 2 and 40 tasks.', value: null },
    {
      rule: 'drain',
      code: 'QueueTimeHigh',
      why: 'p95 queue time 340 ms is over 50 ms; 11 tasks bring it back within a minute.',
      value: 11,
    },
    { rule: 'rate-out', code: 'WithinRate', why: 'At most 12 tasks now: +100 % per 15 s.', value: 11 },
    { rule: 'bounds', code: 'WithinBounds', why: '11 lies between 2 and 40.', value: 11 },
  ],
  ...overrides,
});

export const aStoredHold = (overrides: Partial<Extract<StoredDecision, { kind: 'hold' }>> = {}): StoredDecision => ({
  kind: 'hold',
  id: '01K6ZT5W8Q4X2N7D3M9RBVYHED',
  at: T0,
  lastAt: T0 + seconds(60),
  times: 5,
  from: 6,
  to: 6,
  until: T0 + seconds(300),
  code: 'Stabilizing',
  why: 'Holding web at 6: 4 tasks would do, and have for 2 of the 5 minutes that scaling in waits for.',
  trail: [{ rule: 'stabilize', code: 'Stabilizing', why: 'The highest want of the last 5 minutes is 6.', value: 6 }],
  ...overrides,
});

export const aControl = (overrides: Partial<Control> = {}): Control => ({
  customer: 'acme',
  group: 'shop',
  service: 'web',
  version: 0,
  state: { kind: 'known', at: T0, desired: 6, running: 6, pending: 0, deployment: 'none', deploymentCreatedAt: T0 - seconds(86_400) },
  memory: emptyMemory,
  ...overrides,
});

export const anOutcome = (overrides: Partial<OutcomeRecord> = {}): OutcomeRecord => ({
  decision: aStoredDecision().id,
  at: T0 + seconds(1),
  outcome: 'applied',
  desiredCount: 11,
  why: 'Set the desired count of web from 6 to 11.',
  ...overrides,
});

export const aStoredReport = (overrides: Partial<StoredReport> = {}): StoredReport => ({
  service: 'web',
  reporter: 'aB3dE6gH9jK',
  hash: 'zY8wV5tS2qP',
  part: 0,
  slotAt: T0,
  digest: Uint8Array.from([1, 2, 3]),
  ...overrides,
});

export const aHistoryEntry = (overrides: Partial<HistoryEntry> = {}): HistoryEntry => ({
  customer: 'acme',
  service: 'web',
  decision: aStoredDecision(),
  outcome: anOutcome(),
  ...overrides,
});
