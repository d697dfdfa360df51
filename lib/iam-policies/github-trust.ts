import type { Call, Trust } from './purpose.ts';
import { elsewhere, iamArn, type Scope } from './scope.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

const providerArn = (scope: Scope) => iamArn(scope, `oidc-provider/${ISSUER}`);
const subject = ({ githubRepository, githubEnvironment }: Scope) => `repo:${githubRepository}:environment:${githubEnvironment}`;

/** Lets in jobs of one environment of one repository on GitHub, without any key being kept there; undefined where none is named. */
export function githubTrust(scope: Scope): { readonly role: { readonly path: string; readonly trust: Trust } } | undefined {
  if (scope.githubRepository === '') return undefined;
  return {
    role: {
      // Not under /sluice/, which is what customers trust.
      path: '/',
      trust: {
        sid: 'OnlyThatEnvironment',
        principal: { Federated: providerArn(scope) },
        action: 'sts:AssumeRoleWithWebIdentity',
        conditions: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject(scope) } },
        why: `Only tokens that GitHub made for AWS (aud), for jobs of that environment of that repository (sub): the environment's protection rules decide who starts them.`,
      },
    },
  };
}

const attempt = (of: string, scope: Scope, does: string, claims: { readonly sub?: string; readonly aud?: string }): Call => ({
  does,
  of,
  action: 'sts:AssumeRoleWithWebIdentity',
  resource: iamArn(scope, `role/${of}`),
  caller: { kind: 'federated', provider: providerArn(scope) },
  context: { [`${ISSUER}:sub`]: claims.sub, [`${ISSUER}:aud`]: claims.aud },
});

/** The job that the role is for. */
export const githubAllows = (of: string, scope: Scope): readonly Call[] =>
  scope.githubRepository === ''
    ? []
    : [attempt(of, scope, 'a job of that environment takes up the role', { sub: subject(scope), aud: AUDIENCE })];

/** Others who have a token of GitHub's, too. */
export function githubRefuses(of: string, scope: Scope): readonly Call[] {
  if (scope.githubRepository === '') return [];
  const repository = scope.githubRepository;
  const tries: readonly (readonly [string, { readonly sub?: string; readonly aud?: string }])[] = [
    ['a job of no environment', { sub: `repo:${repository}:ref:refs/heads/main`, aud: AUDIENCE }],
    ['a pull request', { sub: `repo:${repository}:pull_request`, aud: AUDIENCE }],
    ['a job of another environment', { sub: `repo:${repository}:environment:${scope.githubEnvironment}-2`, aud: AUDIENCE }],
    ['a job of another repository', { sub: `repo:${repository}-fork:environment:${scope.githubEnvironment}`, aud: AUDIENCE }],
    ['a token for somebody else than AWS', { sub: subject(scope), aud: 'https://github.com/acme' }],
    ['a token without a subject', { aud: AUDIENCE }],
  ];
  return [
    ...tries.map(([does, claims]) => attempt(of, scope, `${does} takes up the role`, claims)),
    {
      ...attempt(of, scope, "another account's provider takes up the role", { sub: subject(scope), aud: AUDIENCE }),
      caller: { kind: 'federated', provider: providerArn(elsewhere(scope)) },
    },
  ];
}
