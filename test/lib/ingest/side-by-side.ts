import { createBreaker } from '../../../lib/evaluate/breaker.ts';
import { type EvaluateDeps, evaluateGroup } from '../../../lib/evaluate/evaluate-group.ts';
import { createGroupWatcher } from '../../../lib/ingest/group-watcher.ts';
import { createHeldReports } from '../../../lib/ingest/held-reports.ts';
import { type IngestDeps, receiveReport } from '../../../lib/ingest/receive-report.ts';
import type { Journal } from '../../../lib/journal.ts';
import type { ServiceConfig } from '../../../lib/policy/policy.ts';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import { packDigest } from '../../../lib/reports/pack-digest.ts';
import { parseReport } from '../../../lib/reports/parse-report.ts';
import { bodyHash, reporterId, slotAt } from '../../../lib/reports/report-identity.ts';
import { slotStart } from '../../../lib/reports/slot.ts';
import { createBreakerStore } from '../../../lib/stores/breaker-store.ts';
import { createConfigStore } from '../../../lib/stores/config-store.ts';
import { createControlStore } from '../../../lib/stores/control-store.ts';
import { createLeaseStore } from '../../../lib/stores/lease-store.ts';
import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import type { StoredDecision } from '../../../lib/stores/records.ts';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { T0 } from '../../builders/times.ts';
import { seededRandom } from '../../fakes/whole-system.ts';

const quiet: Journal = { decision: () => {}, outcome: () => {}, problem: () => {}, warn: () => {} };

/** One evaluation: what was decided, and what would have been with every report that was delivered at hand. */
export interface Compared {
  readonly at: number;
  readonly service: string;
  readonly decided: Change | undefined;
  readonly withAll: Change | undefined;
}
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly code: string;
}

/**
 * Warm functions that receive reports, as deployed, over one table; and beside it every report that was delivered. Each evaluation is
 * made twice from the same memory at the same instant: from all reports, without leaving a trace, and from what is stored, for good.
 */
export async function sideBySide(configs: readonly ServiceConfig[], functions: number, desired: Readonly<Record<string, number>>) {
  const [first] = configs;
  if (!first) throw new Error('a group has services');
  const { customer, group } = first;
  const clock = createVirtualClock(T0);
  const random = seededRandom();
  const table = createMemoryTable({ clock, throttle: false });
  const everything = createReportStore(createMemoryTable({ clock, throttle: false }), { clock });
  const configStore = createConfigStore(table);
  for (const config of configs) await configStore.put(config);
  const stored = createReportStore(table, { clock });
  const controls = createControlStore(table);
  const state = new Map(configs.map(({ name }) => [name, { desired: desired[name] ?? 4, running: desired[name] ?? 4 }]));
  const compared: Compared[] = [];
  const lost = new Set<string>();

  const changeOf = (decision: StoredDecision | undefined): Change | undefined =>
    decision?.kind === 'scale' ? { from: decision.from, to: decision.to, code: decision.code } : undefined;
  const all = {
    since: async (...args: Parameters<typeof stored.since>) => (await everything.since(...args)).filter(({ hash }) => !lost.has(hash)),
  };
  const base = {
    configs: configStore,
    history: { put: async () => {}, drop: async () => {} },
    watches: { hasten: async () => {} },
    breaker: createBreaker(createBreakerStore(table), quiet),
    clock,
    random,
    journal: quiet,
  };
  let open: Map<string, { decided?: Change | undefined; withAll?: Change | undefined }> = new Map();
  let seen: Parameters<typeof evaluateGroup>[3];
  const recorded: EvaluateDeps = {
    ...base,
    controls: {
      ...controls,
      async commit(control) {
        const result = await controls.commit(control);
        if (
          result === 'written' &&
          control.act !== undefined &&
          control.act === control.decision?.id &&
          control.decision.at === clock.now()
        )
          open.set(control.service, { ...open.get(control.service), decided: changeOf(control.decision) });
        return result;
      },
    },
    reports: {
      async since(...args) {
        if (open.size === 0) {
          const dry: EvaluateDeps = {
            ...base,
            reports: all,
            controls: { ...controls, commit: async () => 'written' },
            breaker: { check: async () => undefined },
          };
          for (const { config, decision } of await evaluateGroup(dry, customer, group, seen ?? {})) {
            const isNew = decision.at === clock.now() && decision.times === 1;
            open.set(config.name, { withAll: isNew ? changeOf(decision) : undefined });
          }
        }
        return stored.since(...args);
      },
    },
  };
  const closeOff = () => {
    for (const [service, { decided, withAll }] of open) compared.push({ at: clock.now(), service, decided, withAll });
    open = new Map();
  };
  /** What was decided comes about: at once at ECS, half a minute later in tasks. */
  const act = async () => {
    for (const control of await controls.ofGroup(customer, group)) {
      const { decision, service, act: acted } = control;
      const now = state.get(service);
      if (acted === undefined || decision?.kind !== 'scale' || !now) continue;
      now.desired = decision.to;
      now.running = Math.min(now.running, now.desired);
      const at = clock.now();
      await controls.settle(
        { customer, group, service },
        { decision: acted, at, outcome: 'applied', desiredCount: decision.to, why: 'as asked' },
        { lastWrite: { decision: acted, at, from: decision.from, to: decision.to, result: 'applied' } },
      );
      void clock.sleep(30_000).then(() => {
        now.running = now.desired;
      });
    }
  };
  const start = () => {
    const deps: IngestDeps = {
      ...recorded,
      configs: configStore,
      reports: { ...stored, since: recorded.reports.since },
      held: createHeldReports({ reports: stored, clock, journal: quiet }),
      leases: createLeaseStore(table),
      tokens: {
        check: async (token) => ({
          customer: token.split('/')[0] ?? '',
          group: token.split('/')[1] ?? '',
          service: token.split('/')[2] ?? '',
        }),
        issue: async () => '',
      },
      groups: createGroupWatcher(configStore, clock),
    };
    return deps;
  };
  const warm = Array.from({ length: functions }, start);
  const namesOf = (service: string, body: string) => {
    const parsed = parseReport(body);
    if (!parsed.ok) throw new Error(parsed.problem.why);
    const { digest } = digestReport(parsed.report, clock.now());
    const reporter = reporterId(service, parsed.report.container, parsed.report.pid);
    const hash = bodyHash(body, digest);
    return packDigest(digest).map((packed, part) => ({ service, reporter, hash, part, slotAt: slotAt(digest), digest: packed }));
  };

  return {
    clock,
    compared,
    /** Delivered to warm function number `to`. */
    async report(to: number, service: string, body: string) {
      const parts = namesOf(service, body);
      await everything.put(customer, group, 0, parts);
      for (const { hash } of parts) lost.delete(hash);
      await receiveReport(warm[to % warm.length] as IngestDeps, `${customer}/${group}/${service}`, body);
      closeOff();
      await act();
    },
    /** A report of somebody else's, which keeps the function warm. */
    async other(to: number, body: string) {
      await receiveReport(warm[to % warm.length] as IngestDeps, 'other/other/other', body);
    },
    /** What tick does: a look at the true state, then an evaluation. */
    async tick() {
      const at = clock.now();
      seen = {
        seen: new Map(
          [...state].map(([name, { desired: count, running }]) => [
            name,
            { state: { kind: 'known', at, desired: count, running, pending: count - running, deployment: 'none' }, problem: null } as const,
          ]),
        ),
      };
      await evaluateGroup(recorded, customer, group, seen);
      seen = undefined;
      closeOff();
      await act();
    },
    /** Function number `which` dies, and with it what it had not stored: as if that had never been delivered. */
    async die(which: number) {
      const at = which % warm.length;
      warm[at] = start();
      const there = new Set((await stored.since(customer, group, 1, 0, { consistent: true })).map(({ hash }) => hash));
      const gone = (await everything.since(customer, group, 1, slotStart(clock.now()) - 40_000)).filter(({ hash }) => !there.has(hash));
      // What others still hold comes back below, when they store it.
      for (const { hash } of gone) lost.add(hash);
      return gone.length;
    },
    /** What is stored, and all that was delivered, by name. */
    async contents() {
      const name = ({ service, reporter, hash, part }: { service: string; reporter: string; hash: string; part: number }) =>
        `${service} ${reporter} ${hash} ${part}`;
      const [are, were] = await Promise.all([stored, everything].map((store) => store.since(customer, group, 1, 0, { consistent: true })));
      return {
        stored: new Set((are ?? []).map(name)),
        delivered: new Set((were ?? []).map(name)),
        lost: lost.size,
        items: table.items().filter(({ pk }) => pk.includes('#r#shop')).length,
      };
    },
  };
}
