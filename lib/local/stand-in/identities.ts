import { createHash } from 'node:crypto';
import type { Caller } from '../../iam/caller.ts';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import { type ResolvedTemplate, resolveTemplate, type TemplateRole } from '../../iam/template.ts';
import type { StackOptions } from '../../iam/template-scope.ts';
import { TemplateError } from '../../iam/template-yaml.ts';
import type { Random } from '../../random.ts';

/** What a set of keys stands for: a session of a role. */
export interface Session {
  readonly caller: Extract<Caller, { kind: 'role-session' }>;
  /** Given to AssumeRole; absent: the session can do all that its role can. */
  readonly policies?: readonly PolicyDocument[];
  /** Whether AssumeRole was sent an external ID; false for functions' own keys. */
  readonly externalId: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly issuedAt: number;
  /** Absent: the keys do not end (those of a function, which Lambda renews). */
  readonly expiresAt?: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A role as the stand-in keeps it. A role that is made again under its old name has another id. */
export interface Role extends TemplateRole {
  readonly roleId: string;
}

/** The roles and policies of all accounts, and the keys that were issued. */
export interface Identities {
  /** Makes or updates a stack, as CloudFormation would. Throws `TemplateError`; then nothing has changed. */
  install(template: string, options: StackOptions): ResolvedTemplate;
  /** Deletes a stack with all it made; false where there is none. */
  remove(accountId: string, stackName: string): boolean;
  role(arn: string): Role | undefined;
  rolesOf(accountId: string): readonly Role[];
  /** All that the role's own policies say: inline, attached, attached by other stacks. None once the role is gone. */
  policiesOf(role: { readonly arn: string; readonly roleId: string }): readonly PolicyDocument[];
  managedPolicy(arn: string): PolicyDocument | undefined;
  issue(session: Session): Credentials;
  find(accessKeyId: string): (Session & { readonly sessionToken: string }) | undefined;
}

export function createIdentities(random: Random): Identities {
  const stacks = new Map<string, Map<string, { readonly resolved: ResolvedTemplate; readonly serial: number }>>();
  const keys = new Map<string, Session & { readonly sessionToken: string }>();
  let serial = 0;

  const stacksOf = (accountId: string) => [...(stacks.get(accountId)?.values() ?? [])];
  const rolesOf = (accountId: string) =>
    stacksOf(accountId).flatMap(({ resolved, serial: made }) =>
      resolved.roles.map((role): Role => ({ ...role, roleId: roleId(role.arn, made) })),
    );
  const managedPolicy = (arn: string) =>
    stacksOf(arn.split(':')[4] ?? '')
      .flatMap(({ resolved }) => resolved.managedPolicies)
      .find((policy) => policy.arn === arn)?.document;

  const identities: Identities = {
    install(template, options) {
      const resolved = resolveTemplate(template, options);
      const others = [...(stacks.get(options.accountId) ?? [])]
        .filter(([name]) => name !== options.stackName)
        .map(([, stack]) => stack.resolved);
      const roles = [...others, resolved].flatMap((stack) => stack.roles);
      for (const role of resolved.roles) {
        if (roles.filter((one) => one.name === role.name).length > 1)
          throw new TemplateError(`there is a role ${role.name} in ${options.accountId} already`);
        const policies = [...others, resolved].flatMap((stack) => stack.managedPolicies.map((policy) => policy.arn));
        const unknown = role.managedPolicyArns.find((arn) => !policies.includes(arn));
        if (unknown !== undefined)
          throw new TemplateError(`${role.logicalId}: there is no policy ${unknown}; the stand-in has none of AWS's own managed policies`);
      }
      for (const name of [...resolved.managedPolicies, ...resolved.inline].flatMap((policy) => policy.roles)) {
        if (!roles.some((role) => role.name === name))
          throw new TemplateError(`there is no role ${name} in ${options.accountId} to attach a policy to`);
      }
      const account = stacks.get(options.accountId) ?? new Map();
      stacks.set(options.accountId, account);
      account.set(options.stackName, { resolved, serial: account.get(options.stackName)?.serial ?? ++serial });
      return resolved;
    },
    remove: (accountId, stackName) => stacks.get(accountId)?.delete(stackName) ?? false,
    role: (arn) => rolesOf(arn.split(':')[4] ?? '').find((role) => role.arn === arn),
    rolesOf,
    policiesOf({ arn, roleId: id }) {
      const role = identities.role(arn);
      if (role === undefined || role.roleId !== id) return [];
      const all = stacksOf(arn.split(':')[4] ?? '').map(({ resolved }) => resolved);
      const attached = all.flatMap(({ managedPolicies, inline }) => [
        ...managedPolicies.filter((policy) => policy.roles.includes(role.name) || role.managedPolicyArns.includes(policy.arn)),
        ...inline.filter((policy) => policy.roles.includes(role.name)),
      ]);
      return [...role.inline, ...attached].map(({ document }) => document);
    },
    managedPolicy,
    issue(session) {
      if (keys.size >= 10_000) forgetExpired(keys, session.issuedAt);
      const accessKeyId = `ASIA${letters(random, 16)}`;
      const sessionToken = Buffer.from(random.bytes(96)).toString('base64');
      keys.set(accessKeyId, { ...session, sessionToken });
      return { accessKeyId, secretAccessKey: Buffer.from(random.bytes(30)).toString('base64'), sessionToken };
    },
    find: (accessKeyId) => keys.get(accessKeyId),
  };
  return identities;
}

/** Keys that ended over an hour ago: nobody is told any more that they have expired. */
function forgetExpired(keys: Map<string, Session>, now: number): void {
  for (const [id, { expiresAt }] of keys) if (expiresAt !== undefined && expiresAt < now - 3_600_000) keys.delete(id);
}

/** Ids of roles are AWS's twenty-one characters, the same each time for the same role. */
const roleId = (arn: string, serial: number) =>
  `AROA${createHash('sha256').update(`${arn}#${serial}`).digest('hex').slice(0, 17).toUpperCase()}`;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const letters = (random: Random, count: number) => Array.from(random.bytes(count), (byte) => LETTERS[byte % LETTERS.length]).join('');
