import type { Purpose } from './purpose.ts';
import type { GivenScope, ScopeName } from './scope.ts';

/** Accounts that AWS keeps for documents. */
const EXAMPLE_ACCOUNT = '111122223333';
const EXAMPLE_CUSTOMER = '444455556666';
const EXAMPLE_REGION = 'us-east-1';

const EXAMPLES: Readonly<Record<ScopeName, readonly string[]>> = {
  cluster: ['shop'],
  service: ['shop/web'],
  repository: ['shop/web'],
  bucket: ['example-terraform-state'],
  key: ['prod/terraform.tfstate'],
  table: ['terraform-locks'],
  queue: ['imports'],
  role: ['ecsTaskExecutionRole', 'shop-web-task'],
  taskDefinition: ['web'],
  customerRole: [`arn:aws:iam::${EXAMPLE_CUSTOMER}:role/sluice/example`],
  oidcProvider: ['oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE'],
  namespace: ['sluice'],
  serviceAccount: ['sluice'],
  githubRepository: ['acme/sluice'],
  githubEnvironment: ['production'],
  stage: ['prod'],
  reportsDomain: ['reports.example.com'],
  hostedZone: ['Z0123456789ABCDEFGHIJ'],
};
/** What an example leaves out unless it is asked for: it is for a few, or it has a default. */
const LEFT_OUT: readonly ScopeName[] = ['taskDefinition', 'stage', 'reportsDomain', 'hostedZone'];
/** What is particular to a purpose. */
const PARTICULAR: Readonly<Record<string, GivenScope>> = {
  irsa: { service: [], table: ['sluice-prod'] },
  observe: { service: [] },
  'deploy-sluice': { bucket: [] },
};

/** The same with example values in place of what was not given; what was given stays. Whatever does not fit the given Region's partition is fitted to it. */
export function withExample({ name, needs, takes }: Purpose, given: GivenScope): GivenScope {
  const region = given.region ?? EXAMPLE_REGION;
  const filled: { -readonly [Key in ScopeName]?: readonly string[] } = {};
  for (const option of [...needs, ...takes].filter((one): one is ScopeName => one in EXAMPLES)) {
    const values = PARTICULAR[name]?.[option] ?? EXAMPLES[option];
    const own = given[option];
    if (own !== undefined) filled[option] = own;
    else if (needs.includes(option)) filled[option] = fitted(values, region);
    else if (!LEFT_OUT.includes(option) && values.length > 0 && !clashes(option, given, needs)) filled[option] = fitted(values, region);
  }
  return { ...given, account: given.account ?? EXAMPLE_ACCOUNT, region, ...filled };
}

/** What was given says it otherwise already. */
function clashes(option: ScopeName, given: GivenScope, needs: readonly ScopeName[]): boolean {
  if (option === 'table') return given.lockFile === true;
  if (option === 'cluster') return given.service !== undefined || needs.includes('service');
  return option === 'service' && given.cluster !== undefined;
}

function fitted(values: readonly string[], region: string): readonly string[] {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return values.map((value) =>
    value
      .replace(/^arn:aws:/, `arn:${partition}:`)
      .replace(`oidc.eks.${EXAMPLE_REGION}.amazonaws.com`, `oidc.eks.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`),
  );
}
