import { createCustomerAws } from '../../../../lib/aws/customer-aws.ts';
import { systemClock } from '../../../../lib/clock.ts';
import { putService } from '../../../../lib/local/stand-in/put-service.ts';
import { serveStandIn } from '../../../../lib/local/stand-in/server.ts';
import { connectCustomer, deployOperator, functionCredentials } from '../../../../lib/local/stand-in/stacks.ts';
import { createStandIn } from '../../../../lib/local/stand-in/stand-in.ts';
import { contractServices, customerAwsContract } from '../../../contracts/customer-aws.ts';
import { EXTERNAL_ID, seededRandom, templates } from './stage.ts';

/** The deployments that ECS shows for each state that Sluice tells apart. */
const DEPLOYMENTS = {
  none: [{ rolloutState: 'COMPLETED' }],
  'in-progress': [{ rolloutState: 'IN_PROGRESS' }, { rolloutState: 'COMPLETED' }],
  failed: [{ rolloutState: 'FAILED' }],
} as const;

customerAwsContract('the real one, over HTTP to the stand-in', async () => {
  const { accountId, region, writable } = contractServices;
  const standIn = createStandIn({ clock: systemClock, random: seededRandom() });
  deployOperator(standIn, templates, { stage: 'test', region });
  const roleArn = connectCustomer(standIn, templates, { accountId, externalId: EXTERNAL_ID, stage: 'test', serviceArns: writable });
  const server = await serveStandIn(standIn, { port: 0 });
  // The only function that may try a role without an external ID, for the proof of trust.
  const credentials = functionCredentials(standIn, { roleId: 'AdminRole', functionName: 'sluice-test-admin', now: systemClock.now() });
  return {
    aws: createCustomerAws({
      deployment: 'test',
      region,
      clock: systemClock,
      credentials,
      endpoints: { sts: server.url, ecs: server.url },
    }),
    account: { customer: 'acme', accountId, externalId: EXTERNAL_ID, roleArn },
    put: ({ arn, desired, running, pending, status, schedulingStrategy, resourceManagement, deployment }) => {
      const fields = {
        arn,
        desiredCount: desired,
        runningCount: running,
        pendingCount: pending,
        status,
        schedulingStrategy,
        resourceManagementType: resourceManagement,
        deployments: deployment === undefined ? undefined : DEPLOYMENTS[deployment],
      };
      const put = putService(fields, standIn.services);
      if (!put.ok) throw new Error(put.problems.join('; '));
    },
    desiredCount: (arn) => standIn.services.get(arn)?.desired,
    calls: () => standIn.calls.all().map(({ service, action, parameters }) => ({ action: `${service}:${action}`, parameters })),
    stop: () => server.close(),
  };
});
