import middy from '@middy/core';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import type { TrustDeps } from '../accounts/prove-trust.ts';
import { answerErrors } from '../http/answer-errors.ts';
import { jsonAnswer, readRequest } from '../http/function-url.ts';
import { noEarlyAnswer } from '../no-early-answer.ts';
import { createAccountStore } from '../stores/account-store.ts';
import { createBreakerStore } from '../stores/breaker-store.ts';
import { createChangeStore } from '../stores/change-store.ts';
import { createCollectStore } from '../stores/collect-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createCustomerData } from '../stores/customer-data.ts';
import { createDiscoveryStore } from '../stores/discovery-store.ts';
import { createHistoryStore } from '../stores/history-store.ts';
import { createPointStore } from '../stores/point-store.ts';
import { createPrincipalStore } from '../stores/principal-store.ts';
import { createReportStore } from '../stores/report-store.ts';
import { createTokenStore } from '../stores/token-store.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import type { System } from '../system.ts';
import { createTokenAuthority } from '../tokens/token-authority.ts';
import { allowedRequest, NotAllowed } from './access.ts';
import { BadRequest } from './bad-request.ts';
import { type Caller, principalOf, signerOf } from './caller.ts';
import type { ExamineDeps } from './examine.ts';
import { type AdminDeps, routes } from './routes.ts';

export interface AdminSystem extends System {
  readonly customerAws: CustomerAws;
  /** Asks the function `discover`. */
  readonly examine: ExamineDeps['examine'];
  readonly operatorAccountId: string;
  readonly stage: string;
  /** What report URLs begin with; absent where the API's own origin takes reports, as in a local run. */
  readonly reportsUrl?: string;
  /** How long changes that people made are kept. */
  readonly changeDays?: number;
  /** Who asks where nobody signed: only a local run sets it. Without it such requests are refused, whatever let them through. */
  readonly unsignedCaller?: string;
  /** Only a local run sets it; see `TrustDeps`. */
  readonly foreignStsOnLoopback?: TrustDeps['foreignStsOnLoopback'];
}

/** Longer than a year, so that last year's Black Friday can be looked up. */
const CHANGE_DAYS = 400;

const WHAT_NEXT =
  'A request that reads changed nothing. One that changes may have been done in part: then sluice changes lists it, and sluice get shows what is in force. Asking again does no harm.';

/** The admin API. Who may call it is decided in front of it: IAM in AWS, a random path in the local run. */
export function createAdmin(system: AdminSystem) {
  const { table, clock, random, journal, customerAws, operatorAccountId, stage, foreignStsOnLoopback } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const tokenStore = createTokenStore(table);
  const changes = createChangeStore(table, { clock, days: system.changeDays ?? CHANGE_DAYS, onUnreadable });
  const principals = createPrincipalStore(table);
  const deps: Omit<AdminDeps, 'caller'> = {
    clock,
    random,
    journal,
    customerAws,
    aws: customerAws,
    examine: system.examine,
    operatorAccountId,
    stage,
    ...(system.reportsUrl === undefined ? {} : { reportsUrl: system.reportsUrl }),
    ...(foreignStsOnLoopback === undefined ? {} : { foreignStsOnLoopback }),
    configs: createConfigStore(table, { onUnreadable }),
    controls: createControlStore(table, { onUnreadable }),
    history: createHistoryStore(table, { clock, days: system.historyDays, onUnreadable }),
    discovery: createDiscoveryStore(table, { clock, onUnreadable }),
    watches: createWatchStore(table, { shards: system.dueShards, onUnreadable }),
    accounts: createAccountStore(table, { onUnreadable }),
    changes,
    customerData: createCustomerData(table),
    principals,
    reports: createReportStore(table, { clock }),
    points: createPointStore(table, { clock, days: system.historyDays, onUnreadable }),
    breakerStore: createBreakerStore(table),
    tokenStore,
    tokens: createTokenAuthority(tokenStore, clock, random),
    collects: createCollectStore(table, { shards: system.dueShards, onUnreadable }),
  };
  return middy<LambdaFunctionURLEvent, LambdaFunctionURLResult>(noEarlyAnswer)
    .use(answerErrors(journal, WHAT_NEXT))
    .handler(async (event) => {
      const who = signerOf(event) ?? system.unsignedCaller;
      if (who === undefined)
        return jsonAnswer(403, { code: 'NotSigned', why: 'The admin API takes requests that are signed with IAM, and this one was not.' });
      const request = readRequest(event);
      const name = `${request.method} /${request.path.join('/')}`;
      const route = routes[name];
      if (!route)
        return jsonAnswer(404, {
          code: 'NotFound',
          why: `There is no ${request.method} /${request.path.join('/')}. There are: ${Object.keys(routes).join(', ')}.`,
        });
      try {
        const customer = await principals.customerOf(principalOf(who));
        const caller: Caller = { who, ...(customer === undefined ? {} : { customer }) };
        return jsonAnswer(200, await route({ ...deps, caller }, allowedRequest(caller, name, request)));
      } catch (error) {
        if (error instanceof NotAllowed) return jsonAnswer(403, { code: 'NotAllowed', why: error.message });
        if (error instanceof BadRequest) return jsonAnswer(400, { code: 'BadRequest', why: error.message, problems: error.problems });
        throw error;
      }
    });
}
