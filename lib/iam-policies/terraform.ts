import { hclText, hclValue } from './hcl.ts';
import { type Document, permissionsDocument, trustDocument } from './policy-document.ts';
import type { Grant, Purpose } from './purpose.ts';

/** Terraform resources that make the roles and policies of the grants. */
export const terraformText = (purpose: Purpose, grants: readonly Grant[]): string =>
  `# Printed by sluice iam ${purpose.name}: ${purpose.says}.\n\n${grants.map((grant) => (grant.role === undefined ? policy(grant) : role(grant, grant.role))).join('\n')}`;

const label = ({ called }: Grant) => called.replaceAll('-', '_');
const encoded = (document: Document) => `jsonencode(${hclValue(document, '  ')})`;

const policy = (grant: Grant): string => `resource "aws_iam_policy" "${label(grant)}" {
  name        = ${hclText(grant.called)}
  description = ${hclText(grant.says)}
  policy = ${encoded(permissionsDocument(grant))}
}
`;

const role = (grant: Grant, { path, trust }: NonNullable<Grant['role']>): string => `# ${trust.why}
resource "aws_iam_role" "${label(grant)}" {
  name                 = ${hclText(grant.called)}
  path                 = ${hclText(path)}
  description          = ${hclText(grant.says)}
  max_session_duration = 3600
  assume_role_policy = ${encoded(trustDocument(trust))}
}

resource "aws_iam_role_policy" "${label(grant)}" {
  name = ${hclText(grant.called)}
  role = aws_iam_role.${label(grant)}.name
  policy = ${encoded(permissionsDocument(grant))}
}
`;
