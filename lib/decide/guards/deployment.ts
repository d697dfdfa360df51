import { duration, tasks } from '../sentence.ts';
import type { Guard } from './guard.ts';

/** As AWS's own scaling does: out yes, in no while a deployment runs. Also for a cap that was lowered. */
export const deployment: Guard = {
  rule: 'deployment',
  apply: ({ state }, { count }) => {
    if (state.deployment !== 'in-progress' || count >= state.desired) return undefined;
    return { code: 'DeploymentNoScaleIn', why: 'a deployment is in progress, and tasks are not removed during one', count: state.desired };
  },
};

/** From this share of the desired count on, tasks that do not start are more than a straggler. */
const MISSING_SHARE = 0.1;

/** Ordering more of what does not start helps nobody. The floor is still kept. */
export const rollout: Guard = {
  rule: 'rollout',
  apply: ({ state, overdue, startUp }, { count }) => {
    if (count <= state.desired) return undefined;
    if (state.deployment === 'failed') {
      return {
        code: 'FailedRollout',
        why: 'the last rollout failed, so more tasks would not start either: look at the events of the service',
        count: state.desired,
      };
    }
    if (overdue > 0 && overdue >= state.desired * MISSING_SHARE) {
      const why = `${tasks(overdue)} ordered before did not start within ${duration(startUp.overdueMs)}: look at the events of the service before more are ordered`;
      return { code: 'TasksNotStarting', why, count: state.desired };
    }
    return undefined;
  },
};
