import { attachedTemplate, readTemplate } from './cloudformation.ts';
import { policyJson, trustJson } from './policy-json.ts';
import { hardened, statementsOf } from './statements.ts';
import { type Json, templateText } from './template-text.ts';
import { chosen, main, outputs, policies, variables, versions } from './terraform.ts';

const yaml = (template: Json) =>
  templateText(template, ' Generated from lib/customer-templates (npm run generate:customer). What each statement is for: README.md.');
const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

/** Every file that a customer can install, by its path from the root of the package. */
export const customerFiles = (): Readonly<Record<string, string>> => ({
  'infra/customer/read.yaml': yaml(readTemplate()),
  'infra/customer/write.yaml': yaml(attachedTemplate('write')),
  'infra/customer/write-cluster.yaml': yaml(attachedTemplate('write-cluster')),
  'infra/customer/write-tagged.yaml': yaml(attachedTemplate('write-tagged')),
  'infra/customer/queues.yaml': yaml(attachedTemplate('queues')),
  'infra/customer/json/trust.json': json(trustJson()),
  'infra/customer/json/read.json': json(policyJson(statementsOf('read'))),
  'infra/customer/json/write.json': json(policyJson(statementsOf('write'))),
  'infra/customer/json/write-hardened.json': json(policyJson(statementsOf('write').map(hardened))),
  'infra/customer/json/write-cluster.json': json(policyJson(statementsOf('write-cluster'))),
  'infra/customer/json/write-tagged.json': json(policyJson(statementsOf('write-tagged'))),
  'infra/customer/json/queues.json': json(policyJson(statementsOf('queues'))),
  'infra/terraform/policies.tf.json': json(policies()),
  'infra/terraform/chosen.tf': chosen(),
  'infra/terraform/main.tf': main(),
  'infra/terraform/outputs.tf': outputs(),
  'infra/terraform/variables.tf': variables(),
  'infra/terraform/versions.tf': versions(),
});
