import { serviceArn } from '../accounts/service-arn.ts';
import type { Clock } from '../clock.ts';
import { boundsAt } from '../decide/bounds.ts';
import { CODES } from '../decide/codes.ts';
import { decide } from '../decide/decide.ts';
import type { Decision } from '../decide/decision.ts';
import type { StateReading } from '../decide/observation.ts';
import { startUpOf } from '../decide/start-up.ts';
import { intervalsOf } from '../evaluate/intervals.ts';
import { newControl } from '../evaluate/next-control.ts';
import { observationOf } from '../evaluate/observation-of.ts';
import { readReports } from '../evaluate/read-reports.ts';
import type { Override, ServiceConfig, TagLimits } from '../policy/policy.ts';
import { observeTargets } from '../signals/observe-targets.ts';
import type { AccountStore, BreakerStore, ConfigStore, ControlStore, HistoryStore, ReportStore } from '../stores/ports.ts';
import type { HistoryEntry, OutcomeRecord, Pause, Problem } from '../stores/records.ts';
import { type ListedTarget, listedTarget } from './target-objective.ts';
import { whatWouldChange } from './what-would-change.ts';

export interface ExplainDeps {
  readonly configs: Pick<ConfigStore, 'group' | 'pauses'>;
  readonly controls: Pick<ControlStore, 'get'>;
  readonly reports: Pick<ReportStore, 'since'>;
  readonly history: Pick<HistoryStore, 'of'>;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly breakerStore: Pick<BreakerStore, 'read'>;
  readonly clock: Clock;
}

export interface Explained {
  readonly customer: string;
  readonly service: string;
  readonly group: string;
  readonly arn: string;
  readonly mode: string;
  readonly at: number;
  readonly state: StateReading;
  /** As it would be decided at this moment; nothing is stored by asking. */
  readonly now: Decision & { readonly meaning: string };
  /** A decision that was stored and is on its way to ECS. */
  readonly inFlight: { readonly decision: string; readonly to: number } | null;
  readonly lastScale: Pick<HistoryEntry, 'decision' | 'outcome'> | null;
  readonly lastOutcome: OutcomeRecord | null;
  readonly bounds: {
    readonly floor: number;
    readonly floorWhy: string;
    readonly cap: number;
    readonly capWhy: string;
    /** The next moment at which the calendar or a person's override changes them. */
    readonly until: number | null;
  };
  readonly overrides: readonly Override[];
  readonly tags: TagLimits;
  readonly pauses: readonly Pause[];
  readonly readings: readonly (ListedTarget & { readonly label: string; readonly value: number | null; readonly why: string | null })[];
  readonly lastReportAt: number | null;
  readonly problems: readonly Pick<Problem, 'code' | 'why'>[];
  /** Whether and how each direction would come about: sentences. */
  readonly wouldChange: readonly string[];
}

const MOST_HISTORY = 50;

/** Why a service has scaled, or has not: decided anew from what is stored, with all that went into it. Changes nothing. */
export async function explainService(deps: ExplainDeps, config: ServiceConfig): Promise<Explained> {
  const now = deps.clock.now();
  const { customer, name: service, group, policy } = config;
  const { shards } = await deps.configs.group(customer, group);
  const [stored, reports, pauses, breaker, history, account] = await Promise.all([
    deps.controls.get(customer, group, service),
    readReports(deps.reports, customer, group, shards, now),
    deps.configs.pauses(customer, group, service, now),
    deps.breakerStore.read(now),
    deps.history.of(customer, service, { limit: MOST_HISTORY }),
    deps.accounts.get(customer, serviceArn(config.arn).accountId),
  ]);
  const control = stored ?? newControl(customer, group, service);
  const observed = observeTargets(policy, service, reports, now);
  const intervals = intervalsOf(config, now);
  const open = now < breaker.openUntil ? `too many services began to scale in at once, until ${time(breaker.openUntil)}` : undefined;
  const observation = observationOf(control, observed, intervals, now, { pauses, breaker: open, rival: config.rival });
  const { decision } = decide(policy, observation, control.memory, now, service);
  const bounds = boundsAt(policy, intervals, startUpOf(policy.behavior.startUpMs, control.memory.startUps).p95Ms, now);
  const problems = [control.problem, account?.problem, account?.roleArn ? undefined : notConnected(config.arn)].filter(
    (problem) => problem !== undefined,
  );
  const lastScale = history.find((entry) => entry.decision.kind === 'scale');
  const codes: Readonly<Record<string, string | undefined>> = CODES;
  return {
    customer,
    service,
    group,
    arn: config.arn,
    mode: policy.mode,
    at: now,
    state: control.state,
    now: { ...decision, meaning: codes[decision.code] ?? '' },
    inFlight: observation.inFlight ? { decision: observation.inFlight.decision, to: observation.inFlight.to } : null,
    lastScale: lastScale ? { decision: lastScale.decision, ...(lastScale.outcome ? { outcome: lastScale.outcome } : {}) } : null,
    lastOutcome: control.lastOutcome ?? null,
    bounds: {
      floor: bounds.floor,
      floorWhy: bounds.floorWhy.why,
      cap: bounds.cap,
      capWhy: bounds.capWhy.why,
      until: bounds.until ?? null,
    },
    overrides: (config.overrides ?? []).filter(({ until }) => until > now),
    tags: config.tags?.say ?? {},
    pauses,
    readings: policy.targets.map((target, i) => {
      const signals = observed.targets[i];
      const reading = signals?.reading;
      const known = reading?.kind === 'known';
      return {
        ...listedTarget(target),
        label: signals?.label ?? target.kind,
        value: known ? reading.value : null,
        why: reading === undefined || known ? null : reading.why,
      };
    }),
    lastReportAt: observed.lastReportAt ?? null,
    problems: [...new Map(problems.map(({ code, why }) => [code, { code, why }])).values()],
    wouldChange: whatWouldChange({ config, decision, pauses, observed }),
  };
}

const time = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;

const notConnected = (arn: string) => ({
  code: 'AccountNotConnected',
  why: `Account ${serviceArn(arn).accountId} is not connected: sluice connect ${serviceArn(arn).accountId}`,
});
