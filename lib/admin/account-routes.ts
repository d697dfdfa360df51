import * as z from 'zod/mini';
import { type ConnectDeps, connectAccount } from '../accounts/connect-account.ts';
import { prepareAccount } from '../accounts/prepare-account.ts';
import type { HttpRequest } from '../http/function-url.ts';
import type { AccountStore, ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { customerName, serviceName } from './body-fields.ts';
import { type DisconnectDeps, disconnectAccount } from './disconnect-account.ts';
import { type RecordDeps, recorded } from './record-change.ts';
import { parseBody } from './request-body.ts';
import { writeAccess } from './write-access.ts';

export interface AccountRouteDeps extends ConnectDeps, DisconnectDeps, RecordDeps {
  readonly accounts: AccountStore;
  readonly configs: ConfigStore;
  /** Part of the path of the roles that a customer's role lets in. */
  readonly stage: string;
}

const accountId = z.string().check(z.regex(/^\d{12}$/, 'must be the twelve digits of an account'));
/** Named to be refused with the reason, and not as a key that is unknown. */
const externalId = z.optional(z.never('is made by Sluice and never taken from whoever asks: leave it out'));

const prepareBody = z.strictObject({ customer: customerName, accountId, externalId, allowOwnAccount: z.optional(z.boolean()) });
const connectBody = z.strictObject({
  customer: customerName,
  accountId,
  externalId,
  roleArn: z.string().check(z.maxLength(2048)),
  allowOwnAccount: z.optional(z.boolean()),
});
const disconnectBody = z.strictObject({ customer: customerName, accountId, deleteHistory: z.optional(z.boolean()) });
const writeAccessQuery = z.strictObject({ customer: customerName, service: serviceName });

/** Neither an external ID nor trust can be put back from a record: what was before is not kept. */
const about = (customer: string, summary: string) => ({ customer, what: 'account', summary, before: null, after: null });

/** What is done to accounts: prepare, connect, ask for write access, disconnect. */
export const accountRoutes = {
  'POST /v1/accounts': async (deps: AccountRouteDeps, request: HttpRequest) => {
    const { customer, accountId: id, allowOwnAccount } = parseBody(prepareBody, request.body);
    if (id === deps.operatorAccountId && allowOwnAccount !== true) {
      return {
        prepared: false,
        code: 'OwnAccount',
        why: `${id} is the account that Sluice itself runs in. Connecting it has to be asked for.`,
      };
    }
    const there = await deps.accounts.get(customer, id);
    const prepared = await recorded(
      deps,
      there ? [] : [about(customer, `Prepared account ${id}: made its external ID.`)],
      () => prepareAccount(deps, { customer, accountId: id }),
      (result) => result.ok,
    );
    if (!prepared.ok) throw new BadRequest(prepared.problems);
    const { externalId: made, roleArn } = prepared.value;
    return {
      accountId: id,
      externalId: made,
      operatorAccountId: deps.operatorAccountId,
      operatorStage: deps.stage,
      ...(roleArn === undefined ? {} : { roleArn }),
    };
  },
  'POST /v1/accounts/connect': async (deps: AccountRouteDeps, request: HttpRequest) => {
    const { customer, accountId: id, roleArn, allowOwnAccount = false } = parseBody(connectBody, request.body);
    const before = (await deps.accounts.get(customer, id))?.roleArn ?? null;
    const result = await recorded(
      deps,
      [{ ...about(customer, `Connected account ${id} by ${roleArn.slice(0, 200)}.`), before, after: roleArn }],
      () => connectAccount(deps, { customer, accountId: id, roleArn, allowOwnAccount }),
      ({ connected }) => connected,
    );
    return result.connected ? { connected: true, accountId: result.account.accountId, warnings: result.warnings } : result;
  },
  'POST /v1/accounts/disconnect': async (deps: AccountRouteDeps, request: HttpRequest) => {
    const asked = parseBody(disconnectBody, request.body);
    const draft = about(asked.customer, `Disconnected account ${asked.accountId} and took its services out of care.`);
    return recorded(deps, [draft], () => disconnectAccount(deps, asked));
  },
  'GET /v1/write-access': async (deps: AccountRouteDeps, request: HttpRequest) =>
    writeAccess(deps, parseBody(writeAccessQuery, request.query)),
};
