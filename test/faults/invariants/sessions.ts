import { serviceArn } from '../../../lib/accounts/service-arn.ts';
import { asList, type Session, type Statement } from '../session.ts';
import { heldBetween } from '../truth.ts';
import type { Scene } from './scene.ts';

const NAME = /^sluice\.sim\.(read|scale|prove|discover|collect)(?:\.([0-9a-z]+))?$/;

/** Longer than any invocation that changes something may last. */
const LOOKED_MS = 60_000;

const NEVER = /^(?!ecs:(?:Describe|List)|iam:List|account:List|application-autoscaling:Describe)/;

/** Invariants 7 and 8: whose external ID it is, how narrow the session, and what its name says. */
export function checkAssumed(scene: Scene, input: Readonly<Record<string, unknown>>, session: Session | undefined) {
  const { truth, scenario } = scene;
  const name = String(input['RoleSessionName']);
  const roleArn = String(input['RoleArn']);
  const narrow = (why: string) => scene.fail('8 narrow sessions', `${name} at ${roleArn}: ${why}`);
  const [, purpose, subject] = NAME.exec(name) ?? [];
  if (purpose === undefined || name.length > 64) return narrow('the name is not of the form that CloudTrail is read by');
  const accountId = roleArn.split(':')[4] ?? '';
  const customer = scenario.customers.find((one) => one.accountId === accountId);
  if (customer === undefined) return scene.fail('6 nobody else’s', `${name} assumes ${roleArn}, which is no customer's`);
  // One who disconnects, or comes back, while somebody has just looked at the account is met a last time.
  const held = heldBetween(truth.accounts.get(`${customer.name}/${accountId}`), scene.scheduler.now - LOOKED_MS, scene.scheduler.now);
  const right = held.flatMap((account) => account?.externalId ?? []);
  const given = input['ExternalId'];
  if (purpose !== 'prove' && right.length > 0 && !right.some((id) => id === given))
    scene.fail(
      '7 external ID',
      `${name} assumes ${roleArn} with ${given === undefined ? 'no external ID' : `the external ID ${String(given)}`}`,
    );
  const statements = (JSON.parse(String(input['Policy'])) as { Statement: Statement[] }).Statement;
  const [statement] = statements;
  if (statement === undefined || statements.length !== 1) return narrow('its policy has not one statement');
  const actions = [...asList(statement.Action)].sort().join(' ');
  const resources = asList(statement.Resource);
  const own = resources.every((resource) => resource.includes(`:${accountId}:`));
  if (purpose === 'scale') {
    const known = subject === undefined ? undefined : truth.decisions.get(subject);
    if (known === undefined) return narrow('its name says no decision');
    if (known.customer !== customer.name)
      scene.fail('6 nobody else’s', `${name} acts for ${known.customer} with a role of ${customer.name}`);
    if (actions !== 'ecs:DescribeServices ecs:UpdateService') narrow(`it may do ${actions}`);
    const [arn] = resources;
    const services = customer.services.map(({ config }) => config);
    if (resources.length !== 1 || !services.some((config) => config.arn === arn && config.name === known.service))
      narrow(`it may touch ${resources.join(', ')}`);
  } else if (purpose === 'read') {
    if (actions !== 'ecs:DescribeServices' || !own) narrow(`it may do ${actions} on ${resources.join(', ')}`);
  } else if (purpose === 'collect') {
    if (!/^(sqs:GetQueueAttributes|cloudwatch:GetMetricData)$/.test(actions) || (actions.startsWith('sqs') && !own))
      narrow(`it may do ${actions} on ${resources.join(', ')}`);
  } else if (purpose === 'discover') {
    if (actions.split(' ').some((action) => NEVER.test(action))) narrow(`it may do ${actions}`);
  } else if (/Update/.test(actions) && !resources.every((resource) => resource.includes('/sluice-probe-')))
    narrow(`it may do ${actions} on ${resources.join(', ')}`);
  if (session !== undefined && purpose !== 'prove' && right.length === 0) narrow('the account is not connected');
}

/** Invariant 9: five minutes of leaving a service alone after AWS denied a change of it. */
export function checkDenied(scene: Scene, session: Session, arn: string): void {
  const { truth, scheduler } = scene;
  const known = truth.decisions.get(session.name.split('.').at(-1) ?? '');
  if (known === undefined) return;
  const versions = truth.controls.get(`${known.customer}/${known.service}`) ?? [];
  // What the decision was made from: the version before it.
  const made = versions.findIndex(({ value }) => value?.decision?.id === known.decision.id);
  const problem = versions[made - 1]?.value?.problem;
  if (problem?.code === 'AccessDenied' && known.decision.at < problem.at + 300_000 - 3_500 && scheduler.now > problem.at)
    scene.fail(
      '9 denied means stop',
      `${session.name} changes ${serviceArn(arn).service} ${Math.round((known.decision.at - problem.at) / 1_000)} s after AWS denied it`,
    );
}
