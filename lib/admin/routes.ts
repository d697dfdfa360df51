import * as z from 'zod/mini';
import type { HttpRequest } from '../http/function-url.ts';
import type { Random } from '../random.ts';
import type {
  AccountStore,
  ChangeStore,
  ConfigStore,
  ControlStore,
  DiscoveryStore,
  HistoryStore,
  TokenStore,
  WatchStore,
} from '../stores/ports.ts';
import { type AccountRouteDeps, accountRoutes } from './account-routes.ts';
import { type ApplyDeps, applyConfigs } from './apply-configs.ts';
import { BadRequest } from './bad-request.ts';
import { customerName as name } from './body-fields.ts';
import { demandCustomer } from './demand-customer.ts';
import { type ExamineDeps, examineAccount, examineSluice } from './examine.ts';
import { listDiscovered } from './list-discovered.ts';
import { listServices } from './list-services.ts';
import { type OperateDeps, operateRoutes } from './operate-routes.ts';
import { overrideService, problemsAcross } from './override-service.ts';
import { pauseServices, resumeServices, scopeProblems } from './pause-services.ts';
import { parseBody, parseConfigs } from './request-body.ts';

export interface AdminDeps extends ApplyDeps, AccountRouteDeps, ExamineDeps, OperateDeps {
  readonly random: Random;
  readonly configs: ConfigStore;
  readonly controls: ControlStore;
  readonly history: HistoryStore;
  readonly watches: WatchStore;
  readonly accounts: AccountStore;
  readonly tokenStore: TokenStore;
  readonly discovery: DiscoveryStore;
  readonly changes: ChangeStore;
}

type Route = (deps: AdminDeps, request: HttpRequest) => Promise<unknown>;

const pauseBody = z.strictObject({
  customer: z.optional(name),
  service: z.optional(name),
  all: z.optional(z.boolean()),
  in: z.optional(z.boolean()),
  out: z.optional(z.boolean()),
  why: z.optional(z.string().check(z.maxLength(200))),
  forMs: z.optional(z.number().check(z.positive(), z.maximum(366 * 86_400_000))),
});
const overrideBody = z.strictObject({
  customer: name,
  service: name,
  min: z.optional(z.number()),
  max: z.optional(z.number()),
  forMs: z.optional(z.number()),
  until: z.optional(z.number()),
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(80))),
  clear: z.optional(z.boolean()),
});
const decisionsQuery = z.strictObject({
  customer: name,
  service: name,
  since: z.optional(z.coerce.number()),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000))),
});
const servicesQuery = z.strictObject({ customer: z.optional(name) });
const doctorQuery = z.strictObject({
  customer: z.optional(name),
  accountId: z.optional(z.string().check(z.regex(/^\d{12}$/, 'must be the twelve digits of an account'))),
});

/** The customer that a list is asked of, one that there is; undefined: all. */
async function asked(deps: AdminDeps, request: HttpRequest): Promise<string | undefined> {
  const { customer } = parseBody(servicesQuery, request.query);
  await demandCustomer(deps, customer);
  return customer;
}

/** The routes of the admin API: method and path → one use case. */
export const routes: Readonly<Record<string, Route | undefined>> = {
  'POST /v1/apply': async (deps, request) => ({ services: await applyConfigs(deps, await parseConfigs(request.body)) }),
  'GET /v1/services': async (deps, request) => {
    const customer = await asked(deps, request);
    return { services: await listServices(deps, customer) };
  },
  'GET /v1/discovered': async (deps, request) => listDiscovered(deps, await asked(deps, request)),
  'GET /v1/doctor': async (deps, request) => {
    const { customer, accountId } = parseBody(doctorQuery, request.query);
    await demandCustomer(deps, customer);
    if (accountId === undefined) return examineSluice(deps, customer);
    if (customer === undefined) throw new BadRequest(['customer: an account is looked at for one customer: say which']);
    return examineAccount(deps, { customer, accountId });
  },
  'GET /v1/decisions': async (deps, request) => {
    const { customer, service, since, limit } = parseBody(decisionsQuery, request.query);
    return { decisions: await deps.history.of(customer, service, { limit: limit ?? 100, ...(since === undefined ? {} : { since }) }) };
  },
  'POST /v1/pause': async (deps, request) => {
    const body = parseBody(pauseBody, request.body, scopeProblems);
    await demandCustomer(deps, body.customer);
    return pauseServices(deps, body);
  },
  'POST /v1/resume': async (deps, request) => {
    const body = parseBody(pauseBody, request.body, scopeProblems);
    await demandCustomer(deps, body.customer);
    return resumeServices(deps, body);
  },
  'POST /v1/override': async (deps, request) =>
    overrideService(
      deps,
      parseBody(overrideBody, request.body, (given) => problemsAcross(given, deps.clock.now())),
    ),
  ...accountRoutes,
  ...operateRoutes,
};
