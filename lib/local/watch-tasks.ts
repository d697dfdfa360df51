import type { ServiceConfig } from '../policy/policy.ts';
import type { AwsSide } from './aws-side.ts';
import type { TaskCounts } from './service-status.ts';
import type { LocalSystem } from './system.ts';

const nothingKnown: TaskCounts = { running: null, pending: null, desired: null };

/**
 * The tasks of each service at this moment: from the stand-in directly, else as Sluice last saw them. A server that starts
 * no tasks (moto leaves the running count at 0) is taken at its desired count, or the example's load would never be served.
 */
export function watchTasks(
  aws: Pick<AwsSide, 'tasksOf'>,
  system: Pick<LocalSystem, 'lastSeen'>,
): { of(service: ServiceConfig): TaskCounts; refresh(): Promise<void> } {
  const { tasksOf } = aws;
  if (tasksOf !== undefined) return { of: tasksOf, refresh: async () => undefined };
  let seen = new Map<string, TaskCounts>();
  return {
    of: (service) => seen.get(service.arn) ?? nothingKnown,
    refresh: async () => {
      const counts = await system.lastSeen();
      seen = new Map([...counts].map(([arn, count]) => [arn, count.running === 0 ? { ...count, running: count.desired } : count]));
    },
  };
}
