import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Lookup } from './context.ts';
import { fillVariables, matches, matchesArn, type Pattern, readPattern } from './pattern.ts';

/** How one value of a request is held against one value of a policy. */
export interface Comparison {
  readonly agrees: (requested: string, written: string, variables: Lookup | undefined) => boolean;
  /** What a policy may write there, where not just anything. */
  readonly rule?: { readonly holds: (written: string) => boolean; readonly says: string };
}

/**
 * The comparisons behind IAM's condition operators:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * Policy variables are put in where that page says so: strings, ARNs, booleans. ArnEquals and ArnLike
 * are one and the same there.
 */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { agrees: exactly((requested, written) => requested === written) },
  StringEqualsIgnoreCase: { agrees: exactly(sameButForCase) },
  StringLike: { agrees: like(matches) },
  ArnEquals: { agrees: like((pattern, arn) => matchesArn(pattern, arn, { complete: false })) },
  ArnLike: { agrees: like((pattern, arn) => matchesArn(pattern, arn, { complete: false })) },
  Bool: {
    agrees: exactly(sameButForCase),
    rule: { holds: (written) => /^(true|false|.*\$\{.*\}.*)$/i.test(written), says: 'must be true or false' },
  },
  BinaryEquals: {
    agrees: (requested, written) => requested === written,
    rule: { holds: (written) => /^[A-Za-z0-9+/]*={0,2}$/.test(written), says: 'must be base64' },
  },
  IpAddress: {
    agrees: inSubnet,
    rule: { holds: (written) => subnet(written) !== undefined, says: 'must be an IP address, or a range like 203.0.113.0/24' },
  },
  ...ordered('Numeric', { read: toNumber, says: 'must be a number' }),
  ...ordered('Date', { read: toInstant, says: 'must be a date like 2026-01-31T00:00:00Z, or seconds since 1970' }),
};

function exactly(compare: (requested: string, written: string) => boolean): Comparison['agrees'] {
  return (requested, written, variables) => {
    const filled = fillVariables(written, variables);
    return filled !== undefined && compare(requested, filled);
  };
}

function like(covers: (pattern: Pattern, requested: string) => boolean): Comparison['agrees'] {
  return (requested, written, variables) => {
    const pattern = readPattern(written, variables);
    return pattern !== undefined && covers(pattern, requested);
  };
}

function sameButForCase(requested: string, written: string): boolean {
  return requested.toLowerCase() === written.toLowerCase();
}

function ordered(
  kind: 'Numeric' | 'Date',
  values: { readonly read: (text: string) => number; readonly says: string },
): Record<string, Comparison> {
  const { read, says } = values;
  const rule = { holds: (written: string) => !Number.isNaN(read(written)), says };
  const by = (compare: (requested: number, written: number) => boolean): Comparison => ({
    // A value of the request that cannot be read is NaN, which agrees with nothing.
    agrees: (requested, written) => compare(read(requested), read(written)),
    rule,
  });
  return {
    [`${kind}Equals`]: by((a, b) => a === b),
    [`${kind}LessThan`]: by((a, b) => a < b),
    [`${kind}LessThanEquals`]: by((a, b) => a <= b),
    [`${kind}GreaterThan`]: by((a, b) => a > b),
    [`${kind}GreaterThanEquals`]: by((a, b) => a >= b),
  };
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Milliseconds since 1970 of an ISO 8601 date or of seconds since 1970; NaN for anything else. */
function toInstant(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && text.length > 4) return Number(text) * 1000;
  return /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}

function inSubnet(requested: string, written: string): boolean {
  const range = subnet(written);
  if (range === undefined || !(isIPv4(requested) || isIPv6(requested))) return false;
  const list = new BlockList();
  list.addSubnet(range.address, range.bits, range.family);
  return list.check(requested, isIPv4(requested) ? 'ipv4' : 'ipv6');
}

function subnet(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (family === undefined || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const most = family === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  return length <= most ? { address, bits: length, family } : undefined;
}
