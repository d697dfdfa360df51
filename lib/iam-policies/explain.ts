import type { Grant } from './purpose.ts';

/** One action with its reason. */
export interface Reason {
  readonly grant: string;
  readonly sid: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly why: string;
  /** Why the resource is wider than one would like. */
  readonly wide?: string;
}

/** Every action of the grants, one by one, in order; the trust of a role first. */
export const reasonsOf = (grants: readonly Grant[]): readonly Reason[] =>
  grants.flatMap((grant) => [
    ...(grant.role === undefined
      ? []
      : [
          {
            grant: grant.name,
            sid: grant.role.trust.sid,
            action: grant.role.trust.action,
            resources: Object.values(grant.role.trust.principal),
            conditions: conditionLines(grant.role.trust.conditions),
            why: grant.role.trust.why,
          },
        ]),
    ...grant.statements.flatMap(({ sid, actions, resources, conditions, wide }) =>
      Object.entries(actions).map(([action, why]) => ({
        grant: grant.name,
        sid,
        action,
        resources,
        conditions: conditionLines(conditions ?? {}),
        why,
        ...(wide === undefined ? {} : { wide }),
      })),
    ),
  ]);

const conditionLines = (conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>): string[] =>
  Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${operator} ${key} ${typeof value === 'string' ? value : value.join(', ')}`),
  );

/** The same for people: each statement, what it is on and under which conditions, and each action's reason. */
export function explanation(grants: readonly Grant[]): string {
  const lines = grants.flatMap((grant) => [
    `${grant.called}: ${grant.says}`,
    ...(grant.role === undefined ? [] : trustLines(grant.role.trust)),
    ...grant.statements.flatMap(({ sid, actions, resources, conditions, wide }) => [
      '',
      `  ${sid}`,
      ...resources.map((resource) => `    on  ${resource}`),
      ...(wide === undefined || Object.values(actions).includes(wide) ? [] : [`        ${wide}`]),
      ...conditionLines(conditions ?? {}).map((line) => `    if  ${line}`),
      ...Object.entries(actions).flatMap(([action, why]) => [`    ${action}`, `        ${why}`]),
    ]),
    '',
  ]);
  return lines.join('\n').trimEnd();
}

const trustLines = ({ sid, principal, action, conditions, why }: NonNullable<Grant['role']>['trust']): string[] => [
  '',
  `  ${sid}, who may take it up`,
  ...Object.entries(principal).map(([kind, name]) => `    by  ${kind} ${name}`),
  ...conditionLines(conditions).map((line) => `    if  ${line}`),
  `    ${action}`,
  `        ${why}`,
];
