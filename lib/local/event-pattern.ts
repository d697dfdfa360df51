/**
 * A filter pattern of an event source mapping, as far as Sluice's own patterns go
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html): an object asks of each named field, a list
 * holds what is allowed there: literals, or `{"exists": true|false}`. All fields must fit.
 */
export type EventPattern = { readonly [field: string]: EventPattern | readonly PatternValue[] };
export type PatternValue = string | number | boolean | null | { readonly exists: boolean };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fits = (allowed: PatternValue, actual: unknown): boolean =>
  typeof allowed === 'object' && allowed !== null ? (actual !== undefined && !isRecord(actual)) === allowed.exists : allowed === actual;

export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const actual = isRecord(event) ? event[field] : undefined;
    return Array.isArray(wanted)
      ? wanted.some((allowed: PatternValue) => fits(allowed, actual))
      : matchesPattern(wanted as EventPattern, actual);
  });
}
