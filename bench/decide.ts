import { decide } from '../lib/decide/decide.ts';
import { emptyMemory, type Memory, packMemory } from '../lib/decide/memory.ts';
import type { Observation, SlotPoint } from '../lib/decide/observation.ts';
import { defaultBehavior } from '../lib/policy/default-values.ts';
import type { Policy } from '../lib/policy/policy.ts';
import type { Table } from './table.ts';

const START = Date.UTC(2026, 9, 1, 8);
const policy: Policy = {
  mode: 'on',
  min: 2,
  max: 200,
  targets: [{ kind: 'request-queue-time', percentile: 95, topMs: 50, lowMs: 10, by: 'auto', step: { out: 1, in: 1 } }],
  behavior: defaultBehavior,
  schedules: [],
};

/** A web service whose load goes up and down within the hour, seen every 10 s; its count follows the decisions. */
function observationAt(now: number, desired: number): Observation {
  const rate = (at: number) => 300 + 250 * Math.sin((at - START) / 600_000);
  const series: SlotPoint[] = Array.from({ length: 30 }, (_, i) => {
    const at = now - (30 - i) * 10_000;
    const valueMs = Math.max(0, (rate(at) * 0.18) / (desired * 8) - 0.9) * 1_000;
    return { at, reports: desired, requests: rate(at) * 10, serviceMs: 180, valueMs, samples: rate(at) * 10 };
  });
  const reading = { kind: 'known', value: series.at(-1)?.valueMs ?? 0, at: now } as const;
  return {
    state: { kind: 'known', at: now, desired, running: desired, pending: 0, deployment: 'none' },
    lastReportAt: now,
    targets: [{ reading, recent: reading, label: 'p95 queue time', samples: 900, busy: { kind: 'unknown', why: 'no jobs' }, series }],
    intervals: [],
    paused: { in: false, out: false },
  };
}

/** So many decisions on one service, one after the other, with what they took and left. */
export function bareDecisions(count: number): { readonly seconds: number; readonly writes: number; readonly memories: readonly Memory[] } {
  let memory: Memory = emptyMemory;
  let desired = 10;
  let spent = 0n;
  let writes = 0;
  const memories: Memory[] = [];
  for (let i = 0; i < count; i++) {
    const now = START + i * 10_000;
    const observation = observationAt(now, desired);
    const before = process.hrtime.bigint();
    const decided = decide(policy, observation, memory, now, 'web');
    spent += process.hrtime.bigint() - before;
    if (decided.memory !== memory) {
      writes++;
      memories.push(decided.memory);
    }
    memory = decided.memory;
    if (decided.decision.kind === 'scale') desired = decided.decision.to;
  }
  return { seconds: Number(spent) / 1e9, writes, memories };
}

/** Decisions per second on one core, and bytes of memory per service, over a service's day of load. */
export function decisions(): Table {
  const perDay = 8_640;
  const { seconds, writes, memories } = bareDecisions(perDay);
  const bytes = memories.map((memory) => Buffer.byteLength(packMemory(memory)));
  const mean = Math.round(bytes.reduce((a, b) => a + b, 0) / bytes.length);
  return {
    columns: ['evaluations', 'per second', 'memory bytes, mean', 'memory bytes, most', 'memories worth storing'],
    rows: [[perDay, Math.round(perDay / seconds), mean, Math.max(...bytes), writes]],
  };
}
