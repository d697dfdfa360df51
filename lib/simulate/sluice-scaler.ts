import type { Instant } from '../clock.ts';
import { decide } from '../decide/decide.ts';
import type { BoundsInterval, Observation, StateReading } from '../decide/observation.ts';
import { nextEdge } from '../evaluate/evaluate-service.ts';
import { inFlight, newControl, nextControl } from '../evaluate/next-control.ts';
import { CALM_MS, LEASE_MS } from '../evaluate/pace.ts';
import { expandSchedules } from '../policy/calendar.ts';
import { parsePolicyFile } from '../policy/parse-policy-file.ts';
import type { Policy, ServiceConfig } from '../policy/policy.ts';
import type { Control } from '../stores/records.ts';
import { nextLook } from '../tick/next-look.ts';
import { createObserver } from './observer.ts';
import { createReporters } from './reporters.ts';
import type { Scaler, ScalerView, Scenario } from './scaler.ts';

/** Second 0 of every trace: a Monday, midnight UTC, so that schedules mean something. */
export const EPOCH: Instant = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
/** A decision takes effect after this, and production looks again so long after it. */
const WRITE_MS = 2_000;
const LOOK_AFTER_DECISION_MS = 20_000;
const NOT_PAUSED: Observation['paused'] = { in: false, out: false };

/** The service of a policy file that says nothing but its bounds and its SLO: everything else is the default. */
export function defaultService({ kind, min, max, sloMs }: Scenario): ServiceConfig {
  const target = kind === 'requests' ? `request-queue-time: { p95: ${sloMs}ms }` : `job-latency: { target: ${sloMs}ms }`;
  const text = `services:
  simulated:
    arn: arn:aws:ecs:us-east-1:000000000000:service/simulated/simulated
    mode: on
    tasks: { min: ${min}, max: ${max} }
    scale:
      - ${target}
`;
  const parsed = parsePolicyFile(text, { source: 'the default policy', defaultMode: 'on' });
  const service = parsed.ok ? parsed.file.services[0] : undefined;
  if (service === undefined) throw new Error(`The default policy cannot be read: ${JSON.stringify(parsed)}`);
  return service;
}

/**
 * Sluice itself: the `decide` of production with the memory it leaves, over what production would have seen by then: the signals of the
 * stored reports of the last five minutes, and ECS's state as it was last looked at. What is kept between decisions is in the table,
 * so that a cold start forgets nothing.
 * @param config what it runs with; its mode is ignored, a simulated service always acts. @param onEvaluation told of each one.
 */
export function sluiceScaler(scenario: Scenario, config: ServiceConfig = defaultService(scenario), onEvaluation?: () => void): Scaler {
  const policy: Policy = { ...config.policy, mode: 'on' };
  const about = { ...config, policy };
  let control: Control = newControl(config.customer, config.group, config.name);
  const reporters = createReporters({ scenario, service: config.name, queues: queuesOf(policy), epoch: EPOCH }, policy);
  const observe = createObserver(policy, config.name);
  let evaluatedAt = 0;
  let lookAt = 0;
  let decisions = 0;
  let seenAtDecision: { running: number; pending: number } = { running: 0, pending: 0 };
  let calendar: { until: Instant; intervals: readonly BoundsInterval[] } = { until: 0, intervals: [] };
  let why: string | undefined;

  /** What became of the last decision: ECS either took it, two seconds later, or refused it. */
  const settle = (view: ScalerView) => {
    const { decision, act, ...rest } = control;
    if (act === undefined || decision?.kind !== 'scale') return;
    const at = decision.at + WRITE_MS;
    // Under way still: the simulator carries it out at the start of that second.
    if (EPOCH + view.now * 1_000 <= at) return;
    const outcome = { decision: act, at, desiredCount: decision.to };
    if (view.desired !== decision.to) {
      control = { ...rest, decision, lastOutcome: { ...outcome, outcome: 'failed', why: 'ECS throttled the change.', desiredCount: null } };
      return;
    }
    const state: StateReading = {
      kind: 'known',
      at,
      desired: decision.to,
      ...seenAtDecision,
      deployment: view.deploying ? 'in-progress' : 'none',
    };
    const { from, to } = decision;
    control = {
      ...rest,
      decision,
      state,
      lastOutcome: { ...outcome, outcome: 'applied', why: 'Applied.' },
      lastWrite: { decision: act, at, from, to, result: 'applied' },
    };
  };

  const intervalsAt = (now: Instant): readonly BoundsInterval[] => {
    if (policy.schedules.length > 0 && now >= calendar.until)
      calendar = { until: now + HOUR, intervals: expandSchedules(policy.schedules, [], now - 26 * HOUR, now + 3 * HOUR) };
    return calendar.intervals;
  };

  return {
    id: 'sluice',
    everySeconds: 1,
    why: () => why,
    decide(view) {
      const now = EPOCH + view.now * 1_000;
      const heard = reporters.report(view.now, view.history.second(view.now - 1)?.running ?? view.running, view.history);
      const pause = { nothing: Number.POSITIVE_INFINITY, calm: CALM_MS, breach: LEASE_MS }[heard];
      if (now < lookAt && now - evaluatedAt < pause) return undefined;
      evaluatedAt = now;
      onEvaluation?.();
      const { targets, lastReportAt } = observe(reporters.slots(view.now, view.history), now);
      settle(view);
      const seen = now >= lookAt ? { state: stateOf(view, now), problem: null } : undefined;
      const pending = inFlight(control, now);
      const observation: Observation = {
        state: seen?.state ?? control.state,
        ...(lastReportAt === undefined ? {} : { lastReportAt }),
        targets,
        intervals: intervalsAt(now),
        paused: NOT_PAUSED,
        ...(control.lastWrite ? { lastWrite: control.lastWrite } : {}),
        ...(pending ? { inFlight: pending } : {}),
      };
      const { decision, memory } = decide(policy, observation, control.memory, now, config.name);
      const next = nextControl(control, decision, memory, seen, () => `simulated-${++decisions}`, now);
      control = next.control ?? control;
      if (seen !== undefined) {
        const nextEdgeAt = nextEdge(about, control, observation.intervals, lastReportAt, now);
        const edge = nextEdgeAt === undefined ? {} : { nextEdgeAt };
        lookAt = nextLook([{ config: about, decision: next.decision, control, targets, ...edge }], now);
      }
      if (decision.kind !== 'scale') return undefined;
      lookAt = Math.min(lookAt, now + LOOK_AFTER_DECISION_MS);
      seenAtDecision = { running: view.running, pending: view.pending };
      why = decision.why;
      return decision.to;
    },
  };
}

/** The queues that the policy's targets name: the load is in the first, the others are empty. */
function queuesOf(policy: Policy): readonly string[] {
  const named = policy.targets.flatMap((target) => ('queues' in target ? (target.queues ?? []) : []));
  return named.length > 0 ? [...new Set(named)] : ['default'];
}

function stateOf(view: ScalerView, at: Instant): StateReading {
  const { desired, running, pending, deploying } = view;
  return { kind: 'known', at, desired, running, pending, deployment: deploying ? 'in-progress' : 'none' };
}
