import type { PrincipalStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { principalOf } from './caller.ts';
import { type RecordDeps, recorded } from './record-change.ts';

export interface PrincipalDeps extends RecordDeps {
  readonly principals: PrincipalStore;
}

const FORM =
  /^arn:(aws|aws-cn|aws-us-gov):(iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,576}|sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+)$/;

/** The operator's: who may see and change one customer only. */
export async function limitPrincipal(
  deps: PrincipalDeps,
  { arn, customer }: { readonly arn: string; readonly customer: string },
): Promise<{ arn: string; customer: string }> {
  const principal = checked(arn);
  refuseOneself(deps, principal);
  await setLimit(deps, principal, await deps.principals.customerOf(principal), customer);
  return { arn: principal, customer };
}

export async function freePrincipal(deps: PrincipalDeps, { arn }: { readonly arn: string }): Promise<{ arn: string; was: string }> {
  const principal = checked(arn);
  const was = await deps.principals.customerOf(principal);
  if (was === undefined) throw new BadRequest([`arn: ${principal} is not limited to any customer`]);
  await setLimit(deps, principal, was, undefined);
  return { arn: principal, was };
}

/** What is kept of a principal's limit before and after a change. */
export const limitOf = (arn: string, customer: string | undefined) => ({ arn, customer: customer ?? null });

/** Limits a principal to a customer, or to none, on record. */
export async function setLimit(
  deps: PrincipalDeps,
  arn: string,
  was: string | undefined,
  customer: string | undefined,
  takesBack?: string,
): Promise<void> {
  const draft = {
    customer: null,
    what: 'principal',
    summary: customer === undefined ? `Let ${arn} see all customers again.` : `Limited ${arn} to customer ${customer}.`,
    before: limitOf(arn, was),
    after: limitOf(arn, customer),
    ...(takesBack === undefined ? {} : { takesBack }),
  };
  await recorded(deps, [draft], () => (customer === undefined ? deps.principals.free(arn) : deps.principals.limit(arn, customer)));
}

/** @throws BadRequest */
export function refuseOneself({ caller }: Pick<PrincipalDeps, 'caller'>, principal: string): void {
  if (principal === principalOf(caller.who)) throw new BadRequest(['arn: this is you: whoever limits themselves could never take it back']);
}

function checked(arn: string): string {
  if (!FORM.test(arn))
    throw new BadRequest([
      `arn: the ARN of a role or user, such as arn:aws:iam::111122223333:role/acme-operators; got ${JSON.stringify(arn)}`,
    ]);
  return principalOf(arn);
}
