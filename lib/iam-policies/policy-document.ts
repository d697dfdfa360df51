import type { Json } from '../customer-templates/template-text.ts';
import type { Grant, PolicyStatement, Trust } from './purpose.ts';

/** A policy as IAM reads it. */
export type Document = { readonly [key: string]: Json };

/** One document of a grant: what it allows, or who may take up its role. */
export interface NamedDocument {
  /** "permissions" and "trust"; of several grants "deploy" and "deploy-trust". */
  readonly name: string;
  readonly kind: 'permissions' | 'trust';
  readonly policy: Document;
}

/** What a grant allows, as IAM reads it. */
export const permissionsDocument = ({ statements }: Grant): Document => ({
  Version: '2012-10-17',
  Statement: statements.map(statementJson),
});

/** Who may take up a grant's role, as IAM reads it. */
export const trustDocument = ({ sid, principal, action, conditions }: Trust): Document => ({
  Version: '2012-10-17',
  Statement: [{ Sid: sid, Effect: 'Allow', Principal: { ...principal }, Action: action, Condition: conditionJson(conditions) }],
});

/** Every document of the grants, trust first. Where there is one grant they are called "trust" and "permissions", else after each. */
export const documentsOf = (grants: readonly Grant[]): readonly NamedDocument[] =>
  grants.flatMap((grant) => {
    const single = grants.length === 1;
    const permissions = {
      name: single ? 'permissions' : grant.name,
      kind: 'permissions' as const,
      policy: permissionsDocument(grant),
    };
    if (grant.role === undefined) return [permissions];
    return [
      { name: single ? 'trust' : `${grant.name}-trust`, kind: 'trust' as const, policy: trustDocument(grant.role.trust) },
      permissions,
    ];
  });

const statementJson = ({ sid, actions, resources, conditions }: PolicyStatement): Json => ({
  Sid: sid,
  Effect: 'Allow',
  Action: oneOrMore(Object.keys(actions)),
  Resource: oneOrMore(resources),
  ...(conditions === undefined ? {} : { Condition: conditionJson(conditions) }),
});

const conditionJson = (conditions: NonNullable<PolicyStatement['conditions']>): Json =>
  Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, typeof value === 'string' ? value : oneOrMore(value)])),
    ]),
  );

/** One value is written without a list around it. */
const oneOrMore = (values: readonly string[]): Json => (values.length === 1 && values[0] !== undefined ? values[0] : values);
