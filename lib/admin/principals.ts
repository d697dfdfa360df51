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
  if (principal === principalOf(deps.caller.who))
    throw new BadRequest(['arn: this is you: whoever limits themselves could never take it back']);
  const before = (await deps.principals.customerOf(principal)) ?? null;
  const draft = { customer: null, what: 'principal', summary: `Limited ${principal} to customer ${customer}.`, before, after: customer };
  return recorded(deps, [draft], async () => {
    await deps.principals.limit(principal, customer);
    return { arn: principal, customer };
  });
}

export async function freePrincipal(deps: PrincipalDeps, { arn }: { readonly arn: string }): Promise<{ arn: string; was: string }> {
  const principal = checked(arn);
  const was = await deps.principals.customerOf(principal);
  if (was === undefined) throw new BadRequest([`arn: ${principal} is not limited to any customer`]);
  const draft = { customer: null, what: 'principal', summary: `Let ${principal} see all customers again.`, before: was, after: null };
  return recorded(deps, [draft], async () => {
    await deps.principals.free(principal);
    return { arn: principal, was };
  });
}

function checked(arn: string): string {
  if (!FORM.test(arn))
    throw new BadRequest([
      `arn: the ARN of a role or user, such as arn:aws:iam::111122223333:role/acme-operators; got ${JSON.stringify(arn)}`,
    ]);
  return principalOf(arn);
}
