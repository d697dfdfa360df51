import { type Caller, callerArn } from './caller.ts';

/** One entry of a Principal element. */
export type PrincipalPattern =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'account'; readonly accountId: string; readonly partition?: string }
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string };

/** How directly a caller is named: by itself (its role or session), or only through its account. */
export type Naming = 'itself' | 'its account';

/**
 * Reads a Principal element: "*", or AWS (account ids, ARNs), Service and Federated with one or more entries.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * `problem` is told of each entry that IAM would not take.
 */
export function readPrincipals(value: unknown, problem: (says: string) => void): PrincipalPattern[] {
  if (value === '*') return [{ kind: 'anyone' }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problem('Principal must be "*" or a map of AWS, Service or Federated');
    return [];
  }
  const found: PrincipalPattern[] = [];
  for (const [type, entries] of Object.entries(value)) {
    for (const entry of Array.isArray(entries) ? entries : [entries]) {
      const pattern = typeof entry === 'string' ? readEntry(type, entry) : undefined;
      if (pattern === undefined) problem(`Principal ${type} does not take ${JSON.stringify(entry)}`);
      else found.push(pattern);
    }
  }
  if (found.length === 0) problem('Principal names nobody');
  return found;
}

function readEntry(type: string, entry: string): PrincipalPattern | undefined {
  if (type === 'Service') return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(entry) ? { kind: 'service', service: entry } : undefined;
  if (type === 'Federated') return /[*?]/.test(entry) || entry === '' ? undefined : { kind: 'federated', provider: entry };
  if (type !== 'AWS') return undefined;
  if (entry === '*') return { kind: 'anyone' };
  if (/^\d{12}$/.test(entry)) return { kind: 'account', accountId: entry };
  const [, partition, accountId] = /^arn:([a-z-]+):iam::(\d{12}):root$/.exec(entry) ?? [];
  if (partition !== undefined && accountId !== undefined) return { kind: 'account', accountId, partition };
  // Only a lone star may stand for several principals: IAM takes no wildcard inside of an ARN here.
  const names = /^arn:[a-z-]+:(iam::\d{12}:(role|user)|sts::\d{12}:(assumed-role|federated-user))\/[^*?]+$/.test(entry);
  return names ? { kind: 'arn', arn: entry } : undefined;
}

/** Whether, and how directly, the entries name the caller. */
export function namingOf(patterns: readonly PrincipalPattern[], caller: Caller): Naming | undefined {
  const namings = patterns.map((pattern) => naming(pattern, caller));
  return namings.includes('itself') ? 'itself' : namings.find((one) => one !== undefined);
}

function naming(pattern: PrincipalPattern, caller: Caller): Naming | undefined {
  if (pattern.kind === 'anyone') return 'itself';
  if (caller.kind === 'service') return pattern.kind === 'service' && pattern.service === caller.service ? 'itself' : undefined;
  if (caller.kind === 'federated') return pattern.kind === 'federated' && pattern.provider === caller.provider ? 'itself' : undefined;
  if (pattern.kind === 'arn') return pattern.arn === caller.roleArn || pattern.arn === callerArn(caller) ? 'itself' : undefined;
  if (pattern.kind !== 'account' || pattern.accountId !== caller.accountId) return undefined;
  return pattern.partition === undefined || pattern.partition === caller.partition ? 'its account' : undefined;
}
