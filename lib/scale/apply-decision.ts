import type { ConnectedAccount } from '../accounts/account.ts';
import { refusal as refusalOf } from '../accounts/check-service.ts';
import type { CustomerAws, ServiceDescription, ServiceWriter } from '../accounts/customer-aws.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { AwsFailure } from '../aws/aws-failure.ts';
import type { LastWrite } from '../decide/observation.ts';
import { type EvaluateDeps, evaluateGroup, type Seen } from '../evaluate/evaluate-group.ts';
import { DECISION_LIFETIME_MS, tagProblem } from '../evaluate/next-control.ts';
import { seenFrom } from '../evaluate/seen.ts';
import type { AccountStore, ClaimStore, ConfigStore, ControlStore } from '../stores/ports.ts';
import type { Control, Outcome, OutcomeRecord, StoredDecision } from '../stores/records.ts';
import { stillRight } from './still-right.ts';

export interface ScaleDeps extends EvaluateDeps {
  readonly configs: Pick<ConfigStore, 'group' | 'service' | 'pauses' | 'growShards'>;
  readonly controls: Pick<ControlStore, 'ofGroup' | 'get' | 'commit' | 'settle'>;
  readonly accounts: Pick<AccountStore, 'get' | 'setProblem'>;
  readonly customerAws: Pick<CustomerAws, 'writer'>;
  readonly claims: ClaimStore;
  /** Who acts here, told from others that may have been handed the same decision. */
  readonly actor: string;
}

type ScaleTo = StoredDecision & { readonly kind: 'scale' };

/** What became of it, and what was learned on the way. */
interface Attempt {
  readonly outcome: Outcome;
  readonly why: string;
  readonly desiredCount: number | null;
  readonly seen?: Seen;
  readonly lastWrite?: LastWrite['result'];
  /** Decide the service anew at once. */
  readonly decideAnew?: boolean;
  readonly denied?: boolean;
}

/**
 * Acts upon the decision of one stream record: the only place from which anything changes at a customer's.
 *
 * What goes wrong at the customer's is an outcome and is stored; only a failure of our own store is thrown,
 * so that the stream delivers the record again. Delivered twice, late or out of order, a record does
 * nothing: the control item has moved on, or the count found is already the one decided.
 *
 * @param record the control item as the stream showed it.
 */
export async function applyDecision(deps: ScaleDeps, record: Control): Promise<OutcomeRecord | undefined> {
  const { customer, group, service } = record;
  const about = { customer, service };
  const decision = record.decision;
  if (record.act === undefined || decision?.kind !== 'scale' || decision.id !== record.act) return undefined;

  const finish = async (attempt: Attempt, settle: boolean): Promise<OutcomeRecord> => {
    const at = deps.clock.now();
    const outcome: OutcomeRecord = {
      decision: decision.id,
      at,
      outcome: attempt.outcome,
      desiredCount: attempt.desiredCount,
      why: attempt.why,
    };
    if (settle) {
      await deps.controls.settle(record, outcome, {
        ...(attempt.seen ? { state: attempt.seen.state } : {}),
        // Nobody asked for tags here: what is wrong with them still is.
        ...(attempt.seen && (attempt.seen.problem || !tagProblem(record)) ? { problem: attempt.seen.problem } : {}),
        ...(attempt.lastWrite
          ? { lastWrite: { decision: decision.id, at, from: decision.from, to: decision.to, result: attempt.lastWrite } }
          : {}),
      });
    }
    deps.journal.outcome(about, outcome, {
      decision,
      ...(record.lastOutcome ? { before: record.lastOutcome } : {}),
      ...(record.reportedAt === undefined ? {} : { reportedAt: record.reportedAt }),
    });
    if (attempt.seen?.problem && attempt.seen.problem.code !== record.problem?.code) deps.journal.problem(about, attempt.seen.problem);
    await deps.history.put([{ customer, service, decision, outcome }]);
    if (attempt.decideAnew) {
      await evaluateGroup(deps, customer, group, {
        only: new Set([service]),
        ...(attempt.seen ? { seen: new Map([[service, attempt.seen]]) } : {}),
        // What is decided anew still answers that report.
        ...(record.reportedAt === undefined ? {} : { reportedAt: record.reportedAt }),
      });
    }
    return outcome;
  };

  const now = deps.clock.now();
  if (now - decision.at >= DECISION_LIFETIME_MS) {
    return finish(
      {
        outcome: 'expired',
        why: `It is ${Math.round((now - decision.at) / 1000)} s old; after ${DECISION_LIFETIME_MS / 1000} s a decision is never acted upon.`,
        desiredCount: null,
      },
      true,
    );
  }
  const [current, config, pauses] = await Promise.all([
    deps.controls.get(customer, group, service),
    deps.configs.service(customer, group, service),
    deps.configs.pauses(customer, group, service, now),
  ]);
  if (current?.act !== decision.id) {
    // Acted upon already, by an earlier delivery of the same record, which may have ended right after: its outcome stands.
    if (current?.lastOutcome?.decision === decision.id) {
      await deps.history.put([{ customer, service, decision, outcome: current.lastOutcome }]);
      return undefined;
    }
    return finish({ outcome: 'superseded', why: 'A newer decision took its place.', desiredCount: null }, false);
  }
  if (!config) return finish({ outcome: 'refused', why: 'The service is no longer configured.', desiredCount: null }, true);

  const against = stillRight(config, decision, pauses, current.memory, now);
  if (against) return finish({ ...against, desiredCount: null }, true);

  const { accountId } = serviceArn(config.arn);
  const account = await deps.accounts.get(customer, accountId);
  if (!account?.roleArn) return finish({ outcome: 'refused', why: `Account ${accountId} is not connected.`, desiredCount: null }, true);

  // The stream and a container that runs beside it may both have it: one acts, and what became of it is that one's to say.
  if (!(await deps.claims.take(record, decision, deps.actor))) return undefined;
  const attempt = await atTheCustomer(deps, { ...account, roleArn: account.roleArn }, config.arn, decision);
  if (attempt.denied) await deps.accounts.setProblem(account, { code: 'AccessDenied', why: attempt.why, at: deps.clock.now() });
  return finish(attempt, true);
}

async function atTheCustomer(deps: ScaleDeps, account: ConnectedAccount, arn: string, decision: ScaleTo): Promise<Attempt> {
  let writer: ServiceWriter;
  let found: ServiceDescription | undefined;
  try {
    writer = await deps.customerAws.writer(account, arn, decision.id);
    found = await writer.describe();
  } catch (error) {
    return failed(error, null, deps.clock.now());
  }
  const now = deps.clock.now();
  const seen = seenFrom(found, arn, now);
  const refusal = refusalOf(found);
  if (refusal || !found) return { outcome: 'refused', why: refusal?.why ?? `${arn} does not exist.`, desiredCount: null, seen };
  if (found.desired === decision.to) {
    return { outcome: 'unchanged', why: `The desired count is ${decision.to} already.`, desiredCount: found.desired, seen };
  }
  if (found.desired !== decision.from) {
    const why = `The desired count is ${found.desired}, not ${decision.from} as it was when this was decided: nothing is sent, and the service is decided anew.`;
    return { outcome: 'superseded', why, desiredCount: found.desired, seen, decideAnew: true };
  }
  try {
    await writer.setDesiredCount(decision.to);
  } catch (error) {
    return failed(error, found.desired, deps.clock.now());
  }
  const state = seen.state.kind === 'known' ? { ...seen.state, at: deps.clock.now(), desired: decision.to } : seen.state;
  return {
    outcome: 'applied',
    why: `Desired count changed from ${decision.from} to ${decision.to}.`,
    desiredCount: decision.to,
    seen: { state, problem: null },
    lastWrite: 'applied',
  };
}

/** Anything that is not `AwsFailure` is a fault of ours and goes on to the stream. */
function failed(error: unknown, desiredCount: number | null, at: number): Attempt {
  if (!(error instanceof AwsFailure)) throw error;
  const why = `${error.action}: ${error.message}`;
  const unknownState = (code: string): Seen => ({ state: { kind: 'unknown', why }, problem: { code, why, at } });
  switch (error.kind) {
    case 'denied':
      return { outcome: 'refused', why, desiredCount, denied: true, seen: unknownState('AccessDenied') };
    case 'not-found':
      return { outcome: 'refused', why, desiredCount, seen: unknownState('ServiceNotFound') };
    case 'not-active':
      return { outcome: 'refused', why, desiredCount, seen: unknownState('ServiceInactive') };
    case 'invalid':
      return { outcome: 'refused', why, desiredCount, seen: unknownState('RequestInvalid') };
    default: {
      // A write whose answer was lost may have happened: if the next look shows our count, it was ours.
      const mayHaveHappened = error.action === 'ecs:UpdateService' && error.kind !== 'throttled';
      // … and until then nobody knows the count.
      return {
        outcome: 'failed',
        why,
        desiredCount: mayHaveHappened ? null : desiredCount,
        lastWrite: mayHaveHappened ? 'unknown' : 'failed',
      };
    }
  }
}
