import * as z from 'zod';
import { TemplateError } from '../../iam/template-yaml.ts';
import type { Identities } from './identities.ts';
import type { Put } from './put-account.ts';

const place = {
  accountId: z.string().regex(/^[0-9]{12}$/, 'must be twelve digits'),
  stackName: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'must be letters, digits and hyphens, at most 128, a letter first'),
};
const stack = z.strictObject({
  ...place,
  region: z
    .string()
    .regex(/^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$/, 'must be one like us-east-1')
    .default('us-east-1'),
  template: z.string('must be the text of a CloudFormation template'),
  parameters: z.record(z.string(), z.string()).default({}),
});
const stackName = z.strictObject(place);

/** Makes or updates a stack in a customer's account, as CloudFormation would: from the text of a template and its parameters. */
export function putStack(value: unknown, identities: Identities): Put {
  const parsed = stack.safeParse(value);
  if (!parsed.success) return refused(parsed.error.issues);
  const { template, ...options } = parsed.data;
  try {
    return { ok: true, body: { stackName: options.stackName, outputs: identities.install(template, options).outputs } };
  } catch (error) {
    if (error instanceof TemplateError) return { ok: false, problems: [error.message] };
    throw error;
  }
}

/** Deletes a stack with all it made. */
export function deleteStack(value: unknown, identities: Identities): Put {
  const parsed = stackName.safeParse(value);
  if (!parsed.success) return refused(parsed.error.issues);
  const { accountId, stackName: name } = parsed.data;
  return { ok: true, body: { stackName: name, deleted: identities.remove(accountId, name) } };
}

const refused = (issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Put => ({
  ok: false,
  problems: issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`),
});
