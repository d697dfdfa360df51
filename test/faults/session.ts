import { SdkError } from './gate.ts';

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** A session of a customer's role, with the policy that it was narrowed to. */
export interface Session {
  readonly key: string;
  readonly roleArn: string;
  readonly accountId: string;
  readonly name: string;
  readonly statements: readonly Statement[];
  expiresAt: number;
  /** @throws SdkError AccessDenied where the session's policy does not allow it. */
  demand(action: string, resource: string): void;
}

export const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

export function sessionOf(fields: Omit<Session, 'demand'>): Session {
  const { statements } = fields;
  return {
    ...fields,
    demand(action, resource) {
      const allowed = statements.some(
        (statement) =>
          statement.Effect === 'Allow' &&
          asList(statement.Action).some((pattern) => matches(pattern, action)) &&
          (resource === '*' || asList(statement.Resource).some((pattern) => matches(pattern, resource))),
      );
      if (!allowed) throw new SdkError('AccessDeniedException', `no session policy allows ${action} on ${resource}`, 403);
    },
  };
}

export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === text;
  const [first = '', ...rest] = parts;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [i, part] of rest.entries()) {
    if (i === rest.length - 1) return text.length - at >= part.length && text.endsWith(part);
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
