import { refusal } from '../accounts/check-service.ts';
import type { DiscoveredService } from './discovered.ts';

export interface WhyNot {
  readonly code: string;
  readonly why: string;
}

/** Why a service that was discovered cannot be scaled as it is, or undefined where it can. */
export function whyNotScalable(service: DiscoveredService): WhyNot | undefined {
  const refused = refusal({ ...service, deployment: 'none' });
  if (refused !== undefined) return refused;
  const { rival, cluster, name } = service;
  if (rival === undefined || rival.suspended) return undefined;
  const by = [
    counted(rival.policies, 'scaling policy', 'scaling policies'),
    counted(rival.schedules, 'scheduled action', 'scheduled actions'),
  ].filter((text) => text !== '');
  const how = by.length > 0 ? `by ${by.join(' and ')}` : 'though by no policy now';
  return {
    code: 'RivalScaler',
    why:
      `Application Auto Scaling scales ${name} already, from ${rival.min} to ${rival.max} tasks, ${how}; two scalers would fight. Take its target away ` +
      `(aws application-autoscaling deregister-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount ` +
      `--resource-id service/${cluster}/${name}) or suspend it.`,
  };
}

const counted = (count: number, one: string, many: string) => (count === 0 ? '' : count === 1 ? `a ${one}` : `${count} ${many}`);
