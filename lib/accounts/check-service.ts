import type { ServiceDescription } from './customer-aws.ts';

/** Why a service cannot be scaled whatever its policy says. */
export interface Refusal {
  readonly code: 'ServiceNotFound' | 'ServiceInactive' | 'DaemonService' | 'ManagedByEcsExpress';
  readonly why: string;
}

/**
 * The reason why nothing may set this service's desired count, or undefined where something may.
 * `undefined` as description: ECS does not know the service.
 */
export function refusal(description: ServiceDescription | undefined): Refusal | undefined {
  if (description === undefined) {
    return {
      code: 'ServiceNotFound',
      why: 'ECS knows no such service in this cluster. Check cluster, name, account and Region of its ARN.',
    };
  }
  const { name, status } = description;
  if (status !== 'ACTIVE') {
    return {
      code: 'ServiceInactive',
      why: `Service ${name} is ${status}: it is being deleted or is gone. Only an ACTIVE service can be scaled.`,
    };
  }
  if (description.schedulingStrategy === 'DAEMON') {
    return {
      code: 'DaemonService',
      why: `Service ${name} is a DAEMON: it runs one task on each instance and has no desired count to set.`,
    };
  }
  if (description.resourceManagement === 'ECS') {
    return {
      code: 'ManagedByEcsExpress',
      why: `Service ${name} is an ECS Express service: AWS itself scales it, and two scalers would fight.`,
    };
  }
  return undefined;
}
