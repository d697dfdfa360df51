import { HARDENED, STATEMENTS } from '../../customer-templates/statements.ts';
import type { Conditions, PolicyStatement } from '../purpose.ts';
import { clusterArn, type Scope, serviceArn } from '../scope.ts';

/** A statement of those that customers grant, narrowed: the actions and their reasons are kept in one place. */
export function narrowed(sid: string, resources: readonly string[], conditions?: Conditions): PolicyStatement {
  const statement = STATEMENTS.find((one) => one.sid === sid);
  if (statement === undefined) throw new Error(`lib/customer-templates has no statement ${sid}`);
  return {
    sid,
    actions: Object.fromEntries(statement.actions.map((action) => [action, statement.why])),
    resources,
    ...(conditions === undefined ? {} : { conditions }),
    ...(resources.includes('*') ? { wide: statement.why } : {}),
  };
}

export const inClusters = (scope: Scope, clusters: readonly string[]): Conditions => ({
  ArnEquals: { 'ecs:cluster': oneOrMore(clusters.map((cluster) => clusterArn(scope, cluster))) },
});

const oneOrMore = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

/** The services that are named; without any, every service of the clusters. */
export const servicesIn = (scope: Scope): readonly string[] =>
  scope.services.length > 0
    ? scope.services.map((service) => serviceArn(scope, service))
    : scope.clusters.map((cluster) => serviceArn(scope, { cluster, name: '*' }));

export const EVERY_SERVICE = 'Every service of the cluster, those to come included: name services with --service for less.';

/** What a change of the count asks for beside its resource. */
export const changeConditions = (scope: Scope): Conditions | undefined => {
  const clusters = scope.services.length > 0 ? [] : scope.clusters;
  const conditions: Conditions = {
    ...(clusters.length > 0 ? inClusters(scope, clusters) : {}),
    ...(scope.hardenRequests ? HARDENED : {}),
  };
  return Object.keys(conditions).length > 0 ? conditions : undefined;
};
