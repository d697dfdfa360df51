import type { Behavior, Policy, ServiceConfig } from '../../policy/policy.ts';
import { type Parameters, type Peer, parameter } from '../peers/peer.ts';
import type { Scaler, ScalerView, Scenario } from '../scaler.ts';
import { defaultService, sluiceScaler } from '../sluice-scaler.ts';

const MINUTE_MS = 60_000;

/** Sluice itself, in the form in which its peers come, so that the tuned league treats it as one of them. */
export const sluiceAsPeer: Peer = {
  id: 'sluice',
  about: 'Sluice, default policy, only the SLO given',
  parameters: ({ sloMs }) => ({ topMs: sloMs, lowFactor: 1, stabilizeMinutes: 5, inSharePerMinute: 0.25, panicThreshold: 2 }),
  tunable: {
    topMs: [0.3, 1.5],
    lowFactor: [0.2, 3],
    stabilizeMinutes: [0.1, 3],
    inSharePerMinute: [0.2, 4],
    panicThreshold: [0.6, 3],
  },
  make: (scenario, parameters) => sluiceScaler(scenario, tuned(defaultService(scenario), parameters)),
};

function tuned(config: ServiceConfig, parameters: Parameters): ServiceConfig {
  const { behavior } = config.policy;
  const targets = config.policy.targets.map((target) => {
    if (target.kind !== 'request-queue-time' && target.kind !== 'job-latency') return target;
    const factor = parameter(parameters, 'topMs') / target.topMs;
    const lowMs = Math.min(target.topMs * factor * 0.9, target.lowMs * factor * parameter(parameters, 'lowFactor'));
    return { ...target, topMs: target.topMs * factor, lowMs };
  });
  const [share, ...others] = behavior.scaleIn.max;
  const scaleIn: Behavior['scaleIn'] = {
    ...behavior.scaleIn,
    stabilizeMs: parameter(parameters, 'stabilizeMinutes') * MINUTE_MS,
    max: share ? [{ ...share, share: Math.min(1, parameter(parameters, 'inSharePerMinute')) }, ...others] : behavior.scaleIn.max,
  };
  const panic = behavior.panic && { ...behavior.panic, threshold: parameter(parameters, 'panicThreshold') };
  return withPolicy(config, { targets, behavior: { ...behavior, scaleIn, ...(panic ? { panic } : {}) } });
}

const withPolicy = (config: ServiceConfig, over: Partial<Policy>): ServiceConfig => ({ ...config, policy: { ...config.policy, ...over } });

const withBehavior = (scenario: Scenario, change: (behavior: Behavior) => Behavior): ServiceConfig => {
  const config = defaultService(scenario);
  return withPolicy(config, { behavior: change(config.policy.behavior) });
};

export interface Ablation {
  readonly about: string;
  /** What it runs with. */
  readonly config: (scenario: Scenario) => ServiceConfig;
  /** What it sees, where that is not what Sluice sees. */
  readonly sees?: (view: ScalerView) => ScalerView;
}

/** Sluice without one part of its engine, to show what the part earns. None of them forms pairs. */
export const ablations: Readonly<Record<string, Ablation>> = {
  'sluice-no-delay': {
    about: 'Sluice that believes tasks start at once',
    config: (scenario) => withBehavior(scenario, (behavior) => ({ ...behavior, startUpMs: 0 })),
  },
  'sluice-no-pending': {
    about: 'Sluice that is told that every task ordered runs already, and so never waits for those that start',
    config: defaultService,
    sees: (view) => ({ ...view, running: Math.max(view.running, view.desired), pending: 0 }),
  },
  'sluice-no-stabilization': {
    about: 'Sluice that scales in at the first reading that allows it',
    config: (scenario) => withBehavior(scenario, (behavior) => ({ ...behavior, scaleIn: { ...behavior.scaleIn, stabilizeMs: 0 } })),
  },
  'sluice-no-panic': {
    about: 'Sluice without the burst window',
    config: (scenario) => withBehavior(scenario, ({ panic: _panic, ...behavior }) => behavior),
  },
};

/** The scaler of an ablation, under its own id. */
export function ablated(id: string, { config, sees = (view) => view }: Ablation, scenario: Scenario): Scaler {
  const inner = sluiceScaler(scenario, config(scenario));
  return { ...inner, id, decide: (view) => inner.decide(sees(view)) };
}
