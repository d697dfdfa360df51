import * as z from 'zod/mini';
import type { HttpRequest } from '../http/function-url.ts';
import type { ChangeStore, PointStore, ReportStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { customerName, serviceName } from './body-fields.ts';
import { type DemandCustomerDeps, demandCustomer } from './demand-customer.ts';
import type { ExplainDeps } from './explain-service.ts';
import { type ForgetDeps, forgetCustomer } from './forget-customer.ts';
import { listConfigs } from './list-configs.ts';
import { listPoints } from './list-points.ts';
import { listStatus } from './list-status.ts';
import { createToken, listTokens, revokeTokens, type TokenDeps } from './manage-tokens.ts';
import { freePrincipal, limitPrincipal, type PrincipalDeps } from './principals.ts';
import { removeService } from './remove-service.ts';
import { parseBody } from './request-body.ts';
import { type RollBackDeps, rollBack } from './roll-back.ts';
import { setMode } from './set-mode.ts';

export interface OperateDeps
  extends RollBackDeps,
    Omit<ForgetDeps, 'configs'>,
    TokenDeps,
    PrincipalDeps,
    Omit<ExplainDeps, 'reports' | 'history'> {
  readonly configs: RollBackDeps['configs'];
  readonly accounts: RollBackDeps['accounts'] & ForgetDeps['accounts'] & ExplainDeps['accounts'] & DemandCustomerDeps['accounts'];
  readonly controls: RollBackDeps['controls'] &
    ForgetDeps['controls'] &
    ExplainDeps['controls'] &
    Parameters<typeof listStatus>[0]['controls'];
  readonly watches: RollBackDeps['watches'];
  readonly tokenStore: RollBackDeps['tokenStore'] & TokenDeps['tokenStore'];
  readonly history: ExplainDeps['history'];
  readonly changes: ChangeStore;
  readonly points: PointStore;
  readonly reports: ReportStore;
}

const mode = z.enum(['off', 'observe', 'out-only', 'on']);
const changeId = z.string().check(z.regex(/^[0-9a-z]{18}$/, 'must be the id of a change, 18 characters'));
const arn = z.string().check(z.maxLength(2_048));
const keyId = z.string().check(z.regex(/^[0-9a-z]{1,16}$/, 'must be a key id, such as 8f3a01bc'));

const one = { customer: customerName, service: serviceName };
const query = z.strictObject({ customer: z.optional(customerName) });
const serviceQuery = z.strictObject(one);
const configsQuery = z.strictObject({ customer: z.optional(customerName), service: z.optional(serviceName) });
const pointsQuery = z.strictObject({ ...one, since: z.optional(z.coerce.number()) });
const changesQuery = z.strictObject({
  customer: z.optional(customerName),
  since: z.optional(z.coerce.number()),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1_000))),
});
const modeBody = z.strictObject({ ...one, mode });
const serviceBody = z.strictObject(one);
const revokeBody = z.strictObject({ ...one, keyId: z.optional(keyId), allButNewest: z.optional(z.boolean()) });
const rollBackBody = z.strictObject({ customer: z.optional(customerName), change: changeId, force: z.optional(z.boolean()) });
const forgetBody = z.strictObject({ customer: customerName, confirm: z.string() });
const limitBody = z.strictObject({ arn, customer: customerName });
const freeBody = z.strictObject({ arn });

type Route = (deps: OperateDeps, request: HttpRequest) => Promise<unknown>;

async function knownService({ configs }: OperateDeps, { customer, service }: { readonly customer: string; readonly service: string }) {
  const config = await configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  return config;
}

/** What operators see and change day by day. */
export const operateRoutes: Readonly<Record<string, Route>> = {
  'GET /v1/whoami': async ({ caller }) => ({ who: caller.who, customer: caller.customer ?? null }),
  'GET /v1/status': async (deps, request) => {
    const { customer } = parseBody(query, request.query);
    await demandCustomer(deps, customer);
    return { services: await listStatus(deps, customer) };
  },
  'GET /v1/points': async (deps, request) => listPoints(deps, parseBody(pointsQuery, request.query)),
  'GET /v1/explain': async (deps, request) => {
    const asked = await knownService(deps, parseBody(serviceQuery, request.query));
    // Brings the core along, which nothing else here needs: a bundle of its own (build/later.js).
    const { explainService } = await import('./explain-service.ts');
    return explainService(deps, asked);
  },
  'GET /v1/configs': async (deps, request) => ({ services: await listConfigs(deps, parseBody(configsQuery, request.query)) }),
  'POST /v1/mode': async (deps, request) => setMode(deps, parseBody(modeBody, request.body)),
  'POST /v1/remove': async (deps, request) => removeService(deps, parseBody(serviceBody, request.body)),
  'GET /v1/tokens': async (deps, request) => listTokens(deps, parseBody(serviceQuery, request.query)),
  'POST /v1/tokens': async (deps, request) => createToken(deps, parseBody(serviceBody, request.body)),
  'POST /v1/tokens/revoke': async (deps, request) => revokeTokens(deps, parseBody(revokeBody, request.body)),
  /** Of a customer, or, where none is named, the operator's own. */
  'GET /v1/changes': async (deps, request) => {
    const { customer, since, limit } = parseBody(changesQuery, request.query);
    return { changes: await deps.changes.of(customer ?? null, { limit: limit ?? 100, ...(since === undefined ? {} : { since }) }) };
  },
  'POST /v1/rollback': async (deps, request) => {
    const { customer = null, change, force } = parseBody(rollBackBody, request.body);
    return rollBack(deps, { customer, change, force });
  },
  'POST /v1/forget': async (deps, request) => forgetCustomer(deps, parseBody(forgetBody, request.body)),
  'GET /v1/principals': async (deps, request) => {
    if (Object.keys(request.query).length > 0) throw new BadRequest(['query: takes nothing']);
    return { principals: await deps.principals.all() };
  },
  'POST /v1/principals': async (deps, request) => limitPrincipal(deps, parseBody(limitBody, request.body)),
  'POST /v1/principals/free': async (deps, request) => freePrincipal(deps, parseBody(freeBody, request.body)),
};
