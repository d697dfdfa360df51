import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { ACCOUNT_OPERATIONS, AUTO_SCALING_OPERATIONS, IAM_OPERATIONS } from './account-wide.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { authenticate, denied, type Judgement, judge } from './authorize.ts';
import type { AwsCall } from './aws-call.ts';
import { AwsError } from './aws-error.ts';
import { type CallLog, createCallLog, whatWasSent } from './call-log.ts';
import { CLOUDWATCH_OPERATIONS } from './cloudwatch.ts';
import { ECS_OPERATIONS, needsOfUnanswered } from './ecs.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { createIdentities, type Identities, type Session } from './identities.ts';
import { createMeasures, type Measures } from './measures.ts';
import type { Need, Operation, Scene } from './operation.ts';
import { createServices, type Services } from './services.ts';
import { speaksQuery } from './services-of-aws.ts';
import { SQS_OPERATIONS } from './sqs.ts';
import { STS_OPERATIONS } from './sts.ts';
import {
  assumeRoleWithWebIdentity,
  createOidcProviders,
  type OidcProviders,
  WEB_IDENTITY_ACTION,
  WebIdentityRefused,
} from './web-identity.ts';

/** AWS services by the name that IAM's actions have. */
const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  ecs: ECS_OPERATIONS,
  sts: STS_OPERATIONS,
  iam: IAM_OPERATIONS,
  account: ACCOUNT_OPERATIONS,
  'application-autoscaling': AUTO_SCALING_OPERATIONS,
  sqs: SQS_OPERATIONS,
  cloudwatch: CLOUDWATCH_OPERATIONS,
};

/** Every call that is answered, as IAM writes it. */
export const ANSWERED_ACTIONS: readonly string[] = [
  ...Object.entries(OPERATIONS).flatMap(([service, operations]) => Object.keys(operations).map((action) => `${service}:${action}`)),
  `sts:${WEB_IDENTITY_ACTION}`,
];

export type Answer =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'error'; readonly error: AwsError }
  | { readonly kind: 'dropped' };

export interface StandInOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How long tasks take from pending to running; default 3,000 ms. */
  readonly taskStartMs?: number;
}

/**
 * A small AWS for one machine: roles, sessions and ECS services of any number of accounts, where every
 * call needs the permissions that it needs at AWS. `call` is all that a client can reach; the rest is
 * for whoever sets the stage.
 */
export interface StandIn {
  call(call: AwsCall): Promise<Answer>;
  readonly identities: Identities;
  readonly providers: OidcProviders;
  readonly services: Services;
  readonly accounts: Accounts;
  readonly measures: Measures;
  readonly faults: Faults;
  readonly calls: CallLog;
}

export function createStandIn({ clock, random, taskStartMs = 3000 }: StandInOptions): StandIn {
  const identities = createIdentities(random);
  const services = createServices(() => clock.now(), taskStartMs);
  const faults = createFaults();
  const calls = createCallLog();
  const accounts = createAccounts(services);
  const measures = createMeasures();
  const state = { identities, services, accounts, measures, providers: createOidcProviders() };

  return {
    ...state,
    faults,
    calls,
    async call(call) {
      const first = prepare(call, { ...state, now: clock.now() });
      const sent = whatWasSent(call, first.session);
      const fault = faults.take({
        action: `${call.service}:${call.action}`,
        account: sent.account,
        region: call.region,
        resources: first.needs.map(({ resource }) => resource),
      });
      if (fault?.fault === 'late') await clock.sleep(fault.delayMs);
      const { answer, allowed, why } = settle(call, fault, { ...state, now: clock.now() });
      const outcome = answer.kind === 'error' ? { error: answer.error.code } : {};
      calls.add({ at: new Date(clock.now()).toISOString(), ...sent, allowed, why, ...outcome });
      if (fault !== undefined && fault.fault !== 'late' && fault.delayMs > 0) await clock.sleep(fault.delayMs);
      return fault?.fault === 'drop' ? { kind: 'dropped' } : answer;
    },
  };
}

type State = Pick<Scene, 'identities' | 'services' | 'accounts' | 'measures' | 'now'> & { readonly providers: OidcProviders };

interface Prepared {
  readonly session: Session | undefined;
  readonly needs: readonly Need[];
  /** What is wrong with the keys or the parameters, if anything is: AWS says so before it asks IAM. */
  readonly error?: AwsError;
}

/** Who calls, and what the call needs. */
function prepare(call: AwsCall, state: State): Prepared {
  const { service, region, action, parameters, signature } = call;
  let session: Session | undefined;
  // Nobody signs it: there is no session whose permissions could be asked for.
  if (isWebIdentity(call)) return { session, needs: [] };
  try {
    session = authenticate(signature, state.identities, { service, region, now: state.now });
    const scene = sceneOf(call, session, state);
    const needs =
      operationOf(call)?.needs(parameters, scene) ??
      (service === 'ecs' ? needsOfUnanswered(action, parameters, scene) : [{ action: `${service}:${action}`, resource: '*', context: {} }]);
    return { session, needs };
  } catch (error) {
    if (error instanceof AwsError) return { session, needs: [], error };
    throw error;
  }
}

interface Settled {
  readonly answer: Exclude<Answer, { kind: 'dropped' }>;
  readonly allowed: boolean;
  readonly why: string;
}

/** Judges the call and, if it may, does it. Faults that keep it from being done come after IAM, so that what is refused stays refused. */
function settle(call: AwsCall, fault: Fault | undefined, state: State): Settled {
  if (isWebIdentity(call)) return settleWebIdentity(call, fault, state);
  const { session, needs, error } = prepare(call, state);
  if (error !== undefined || session === undefined) {
    const said = error ?? new AwsError('InternalFailure', 'the session is unknown', 500);
    return { answer: { kind: 'error', error: said }, allowed: false, why: `not judged: ${said.code}: ${said.message}` };
  }
  const judgement =
    fault?.fault === 'deny'
      ? deniedByFault(call, session, needs)
      : judge(needs, session, state.identities, { service: call.service, region: call.region, now: state.now });
  if (!judgement.allowed) return { answer: { kind: 'error', error: judgement.error }, allowed: false, why: judgement.why };
  const failure = failureOf(fault, call.service);
  if (failure !== undefined)
    return {
      answer: { kind: 'error', error: failure },
      allowed: true,
      why: `${judgement.why}; not done because of a fault that was asked for`,
    };
  try {
    const operation = operationOf(call);
    if (operation === undefined) throw notAnswered(call);
    const body = operation.perform(call.parameters, sceneOf(call, session, state));
    return { answer: { kind: 'answer', body }, allowed: true, why: judgement.why };
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    return { answer: { kind: 'error', error: thrown }, allowed: true, why: `${judgement.why}; answered ${thrown.code}: ${thrown.message}` };
  }
}

const isWebIdentity = ({ service, action }: AwsCall) => service === 'sts' && action === WEB_IDENTITY_ACTION;

function settleWebIdentity(call: AwsCall, fault: Fault | undefined, state: State): Settled {
  try {
    if (fault?.fault === 'deny') throw new WebIdentityRefused('denied by a fault that was asked for');
    const failure = failureOf(fault, call.service);
    if (failure !== undefined) throw failure;
    const { body, why } = assumeRoleWithWebIdentity(call.parameters, state);
    return { answer: { kind: 'answer', body }, allowed: true, why };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const why = error instanceof WebIdentityRefused ? error.reason : `not judged: ${error.code}: ${error.message}`;
    return { answer: { kind: 'error', error }, allowed: false, why };
  }
}

function deniedByFault({ service, action }: AwsCall, session: Session, needs: readonly Need[]): Judgement {
  const error = denied({ action: `${service}:${action}`, resource: needs[0]?.resource ?? '*' }, session, service, '');
  return { allowed: false, why: 'denied by a fault that was asked for', error };
}

function failureOf(fault: Fault | undefined, service: string): AwsError | undefined {
  if (fault?.fault === 'throttle')
    return new AwsError(
      speaksQuery(service) ? 'Throttling' : service === 'account' ? 'TooManyRequestsException' : 'ThrottlingException',
      'Rate exceeded',
    );
  if (fault?.fault === 'error') return new AwsError(fault.code ?? 'ServerException', 'A fault that was asked for.', fault.status ?? 500);
  return undefined;
}

function notAnswered({ service, action }: AwsCall): AwsError {
  return new AwsError(
    speaksQuery(service) ? 'InvalidAction' : 'UnknownOperationException',
    `The stand-in does not answer ${service}:${action}; it answers ${ANSWERED_ACTIONS.join(', ')}.`,
  );
}

function operationOf({ service, action }: AwsCall): Operation | undefined {
  const operations = Object.hasOwn(OPERATIONS, service) ? OPERATIONS[service] : undefined;
  return operations !== undefined && Object.hasOwn(operations, action) ? operations[action] : undefined;
}

function sceneOf({ region }: AwsCall, session: Session, state: State): Scene {
  return { ...state, session, region, partition: session.caller.partition };
}
