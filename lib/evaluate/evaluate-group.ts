import type { Clock, Instant } from '../clock.ts';
import type { StateReading } from '../decide/observation.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { Random } from '../random.ts';
import { groupQueues } from '../signals/group-queues.ts';
import { observeTargets } from '../signals/observe-targets.ts';
import type { ConfigStore, ControlStore, GroupConfig, HistoryStore, ReportStore, WatchStore } from '../stores/ports.ts';
import type { Control, Problem, StoredReport } from '../stores/records.ts';
import type { Breaker } from './breaker.ts';
import { type Evaluated, evaluateService } from './evaluate-service.ts';
import { newControl } from './next-control.ts';
import type { PointRecorder } from './point-recorder.ts';
import { type ReadReport, readReports } from './read-reports.ts';

export interface EvaluateDeps {
  readonly configs: Pick<ConfigStore, 'group' | 'pauses' | 'growShards'>;
  readonly controls: Pick<ControlStore, 'ofGroup' | 'get' | 'commit'>;
  readonly reports: Pick<ReportStore, 'since'>;
  readonly history: Pick<HistoryStore, 'put' | 'drop'>;
  readonly watches: Pick<WatchStore, 'hasten'>;
  readonly breaker: Breaker;
  /** Keeps points for charts; absent: none are kept. */
  readonly points?: PointRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
}

/** What a look at ECS just told of a service. */
export interface Seen {
  readonly state: StateReading;
  /** Why it cannot be scaled at all; null: nothing stands against it any more. */
  readonly problem: Problem | null;
  /** Its tags were looked at as well: a problem with them that was told before is settled, unless it is told again. */
  readonly tagsRead?: true;
}

export interface EvaluateOptions {
  /** The group's configuration, where the caller has it already. */
  readonly config?: GroupConfig;
  /** Services that were just looked at. */
  readonly seen?: ReadonlyMap<string, Seen>;
  /** The report that was stored just now. */
  readonly own?: readonly StoredReport[];
  /** When the report arrived that sets this off; absent where time or a look at ECS does. */
  readonly reportedAt?: Instant;
  /** Only these services; absent: all of the group. */
  readonly only?: ReadonlySet<string>;
}

/**
 * One evaluation: reads the group once (its reports, its control items) and decides each service of it.
 * A service that fails harms itself only: the others are decided all the same, and the failure is thrown
 * at the end.
 */
export async function evaluateGroup(
  deps: EvaluateDeps,
  customer: string,
  group: string,
  options: EvaluateOptions = {},
): Promise<Evaluated[]> {
  const now = deps.clock.now();
  deps.journal.evaluated?.();
  const config = options.config ?? (await deps.configs.group(customer, group));
  const due = config.services.filter((s) => s.policy.mode !== 'off' && (options.only?.has(s.name) ?? true));
  if (due.length === 0) return [];
  const [controls, reports] = await Promise.all([
    deps.controls.ofGroup(customer, group),
    readReports(deps.reports, customer, group, config.shards, now, options.own),
  ]);
  await spread(deps, customer, group, config.shards, reports);
  const queues = groupQueues(reports, now);
  const byName = new Map(controls.map((c) => [c.service, c]));
  const results = await Promise.allSettled(
    due.map((service) =>
      evaluateService(
        deps,
        service,
        byName.get(service.name) ?? fresh(service),
        observeTargets(service.policy, service.name, reports, now, queues),
        now,
        options.seen?.get(service.name),
        options.reportedAt,
      ),
    ),
  );
  const evaluated = results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
  await deps.points?.record(customer, group, config.services, evaluated, now);
  const failures = results.flatMap((r) => (r.status === 'rejected' ? [r.reason] : []));
  if (failures.length > 0)
    throw failures.length === 1
      ? failures[0]
      : new AggregateError(failures, `${failures.length} services of ${customer}/${group} could not be decided`);
  return evaluated;
}

/** Processes whose reports one partition takes: far from its thousand writes a second, and a page or two to read. */
const REPORTERS_PER_SHARD = 2_000;

/** A group that has grown spreads over more partitions; writers learn of it within seconds, readers read all there are. */
async function spread(deps: EvaluateDeps, customer: string, group: string, shards: number, reports: readonly ReadReport[]): Promise<void> {
  const needed = Math.ceil(new Set(reports.map(({ reporter }) => reporter)).size / REPORTERS_PER_SHARD);
  if (needed > shards) await deps.configs.growShards(customer, group, needed);
}

function fresh(service: ServiceConfig): Control {
  return newControl(service.customer, service.group, service.name);
}
