import middy from '@middy/core';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import type { TrustDeps } from '../accounts/prove-trust.ts';
import { answerErrors } from '../http/answer-errors.ts';
import { jsonAnswer, readRequest } from '../http/function-url.ts';
import { createAccountStore } from '../stores/account-store.ts';
import { createCollectStore } from '../stores/collect-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createDiscoveryStore } from '../stores/discovery-store.ts';
import { createHistoryStore } from '../stores/history-store.ts';
import { createTokenStore } from '../stores/token-store.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import type { System } from '../system.ts';
import { createTokenAuthority } from '../tokens/token-authority.ts';
import { BadRequest } from './bad-request.ts';
import type { ExamineDeps } from './examine.ts';
import { type AdminDeps, routes } from './routes.ts';

export interface AdminSystem extends System {
  readonly customerAws: CustomerAws;
  /** Asks the function `discover`. */
  readonly examine: ExamineDeps['examine'];
  readonly operatorAccountId: string;
  readonly stage: string;
  /** Only a local run sets it; see `TrustDeps`. */
  readonly foreignStsOnLoopback?: TrustDeps['foreignStsOnLoopback'];
}

/** The admin API. Who may call it is decided in front of it: IAM in AWS, a random path in the local run. */
export function createAdmin(system: AdminSystem) {
  const { table, clock, random, journal, customerAws, operatorAccountId, stage, foreignStsOnLoopback } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const tokenStore = createTokenStore(table);
  const deps: AdminDeps = {
    clock,
    random,
    journal,
    customerAws,
    aws: customerAws,
    examine: system.examine,
    operatorAccountId,
    stage,
    ...(foreignStsOnLoopback === undefined ? {} : { foreignStsOnLoopback }),
    configs: createConfigStore(table, { onUnreadable }),
    controls: createControlStore(table, { onUnreadable }),
    history: createHistoryStore(table, { clock, days: system.historyDays, onUnreadable }),
    discovery: createDiscoveryStore(table, { clock, onUnreadable }),
    watches: createWatchStore(table, { shards: system.dueShards, onUnreadable }),
    accounts: createAccountStore(table, { onUnreadable }),
    tokenStore,
    tokens: createTokenAuthority(tokenStore, clock, random),
    collects: createCollectStore(table, { shards: system.dueShards, onUnreadable }),
  };
  return middy<LambdaFunctionURLEvent, LambdaFunctionURLResult>()
    .use(answerErrors(journal))
    .handler(async (event) => {
      const request = readRequest(event);
      const route = routes[`${request.method} /${request.path.join('/')}`];
      if (!route)
        return jsonAnswer(404, {
          code: 'NotFound',
          why: `There is no ${request.method} /${request.path.join('/')}. There are: ${Object.keys(routes).join(', ')}.`,
        });
      try {
        return jsonAnswer(200, await route(deps, request));
      } catch (error) {
        if (error instanceof BadRequest) return jsonAnswer(400, { code: 'BadRequest', why: error.message, problems: error.problems });
        throw error;
      }
    });
}
