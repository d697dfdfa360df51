import { refusal as refusalOf } from '../accounts/check-service.ts';
import type { ServiceDescription } from '../accounts/customer-aws.ts';
import type { Instant } from '../clock.ts';
import type { Seen } from './evaluate-group.ts';

/** What a look at ECS comes down to for one service. A service that cannot be scaled has no known state: it is held. */
export function seenFrom(found: ServiceDescription | undefined, arn: string, at: Instant): Seen {
  const refusal = refusalOf(found);
  if (refusal) return { state: { kind: 'unknown', why: refusal.why }, problem: { ...refusal, at } };
  if (!found)
    return {
      state: { kind: 'unknown', why: `${arn} was not found` },
      problem: { code: 'ServiceNotFound', why: `${arn} was not found`, at },
    };
  return {
    state: {
      kind: 'known',
      at,
      desired: found.desired,
      running: found.running,
      pending: found.pending,
      deployment: found.deployment,
      ...(found.deploymentCreatedAt === undefined ? {} : { deploymentCreatedAt: found.deploymentCreatedAt }),
    },
    problem: null,
  };
}
