import { decide } from '../../../lib/decide/decide.ts';
import { intervalsOf } from '../../../lib/evaluate/intervals.ts';
import { newControl } from '../../../lib/evaluate/next-control.ts';
import { observationOf } from '../../../lib/evaluate/observation-of.ts';
import { readReports } from '../../../lib/evaluate/read-reports.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import type { Table } from '../../../lib/stores/table.ts';
import type { SimulatedService } from '../scenario.ts';
import { latest } from '../truth.ts';
import { limitsAt } from './bounds.ts';
import type { Scene } from './scene.ts';

/**
 * What keeps a service from being settled: its true count is not what a fresh evaluation would choose, from what was reported, what
 * ECS truly says and nothing that the system under test worked out but its memory. Undefined: it is settled.
 */
export async function unsettled(scene: Scene, table: Table, { config: given, kind }: SimulatedService): Promise<string | undefined> {
  const { truth, cloud, scheduler } = scene;
  const key = `${given.customer}/${given.name}`;
  if (!truth.configs.has(key)) return 'nobody has ever put it under care';
  const config = latest(truth.configs.get(key));
  const service = cloud.services.get(given.arn);
  const role = [...cloud.roles.values()].find(({ accountId }) => accountId === given.arn.split(':')[4]);
  const account = latest(truth.accounts.get(`${given.customer}/${given.arn.split(':')[4]}`));
  if (config === undefined || service === undefined || account === undefined || role?.closed !== false) return undefined;
  if (scene.lostTokens.has(key)) return undefined;
  const { mode } = config.policy;
  if (mode === 'off' || mode === 'observe') return undefined;
  const { now } = scheduler;
  const group = `${given.customer}#g#${given.group}`;
  for (const scope of [`${group} pause#${given.name}`, `${given.customer}#p pause`, '~operator pause']) {
    const pause = latest(truth.pauses.get(scope));
    if (pause !== undefined && pause.until > now) return undefined;
  }
  const control = latest(truth.controls.get(key));
  if (control === undefined) return 'nobody has ever decided it';
  const reports = await readReports(
    createReportStore(table, { clock: { now: () => now, sleep: async () => {} } }),
    given.customer,
    given.group,
    1,
    now,
  );
  const observed = observeTargets(config.policy, given.name, reports, now);
  const state = {
    kind: 'known',
    at: now,
    desired: service.desired,
    running: Math.min(service.running, service.desired),
    pending: Math.max(0, service.desired - service.running),
    deployment: service.deploying ? 'in-progress' : 'none',
    deploymentCreatedAt: service.deploymentCreatedAt,
  } as const;
  const observation = observationOf(
    { ...(control ?? newControl(given.customer, given.group, given.name)), state },
    observed,
    intervalsOf(config, now),
    now,
  );
  const { decision } = decide(config.policy, observation, control.memory, now, given.name);
  const breaker = await table.get({ pk: '~operator', sk: 'breaker' });
  // Half of a fleet that scales in together is taken for broken measurements, whatever the one service would choose.
  if (decision.kind === 'scale' && decision.to < decision.from && Number(breaker?.['until'] ?? 0) > now) return undefined;
  if (decision.kind === 'scale') return `a fresh evaluation takes it from ${decision.from} to ${decision.to}: ${decision.why}`;
  // Somebody else's count is left alone for a while, wherever it is.
  if (decision.code === 'ManualCount' || decision.code === 'AnotherAutoscaler') return undefined;
  const { floor, cap } = limitsAt(config, now);
  if (service.desired < floor) return `${service.desired} tasks, under the floor of ${floor}`;
  if (mode === 'on' && service.desired > cap) return `${service.desired} tasks, over the cap of ${cap}`;
  if (control.state.kind === 'known' && control.state.desired !== service.desired)
    return `it is believed to have ${control.state.desired} tasks, and has ${service.desired}`;
  // A worker without tasks and without siblings that report its queue has nothing to go by, nor has anybody whom somebody else set to
  // none, where the policy lets that be: Sluice itself keeps one task for requests.
  if (decision.code === 'NoReadings' && kind !== 'worker' && service.desired > 0) return `${decision.why}`;
  return undefined;
}
