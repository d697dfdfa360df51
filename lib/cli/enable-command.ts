import { join } from 'node:path';
import { Command } from 'commander';
import { deployLine, quickCreateLink, type Stack, updateLine } from '../customer-templates/stack.ts';
import { parseTemplateUrl } from '../customer-templates/template-url.ts';
import { terraformScale } from '../customer-templates/terraform-block.ts';
import { packageRoot } from '../local/package-root.ts';
import { readAnswer, writeAccessAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { withCheck } from './mistakes.ts';
import { regionOption } from './region-option.ts';
import type { Terminal } from './terminal.ts';

interface EnableOptions extends TalkOptions {
  readonly customer?: string;
  readonly region: string;
  readonly templateUrl?: string;
}

/** `sluice enable SERVICE`: what the write policy has to list so that the service can be scaled. Changes nothing itself. */
export function enableCommand(terminal: Terminal): Command {
  return withCheck(
    talking(
      new Command('enable').description(
        "print what the customer's write policy has to list so that a service can be scaled: it, and those of the account that are scaled already",
      ),
    ),
    templateProblems,
  )
    .argument('<service>', 'name of the service, or customer/name')
    .option('--customer <name>', 'the customer that the service belongs to')
    .option('--region <region>', "the Region of the customer's stacks", regionOption, 'us-east-1')
    .option('--template-url <url>', 'folder in S3 that holds write.yaml, for a link to the console')
    .action(async (name: string, options: EnableOptions) => {
      const templates = options.templateUrl === undefined ? undefined : parseTemplateUrl(options.templateUrl, options.region);
      const { client } = adminFor(options, terminal);
      const found = await findService(client, name, options.customer);
      const access = readAnswer(writeAccessAnswer, await client.get('/v1/write-access', { ...found }));
      const stacks = access.stacks.map(({ stackName, services }) => {
        const parameters = { Services: services.join(',') };
        const stack: Stack = { template: 'write.yaml', stackName, region: options.region, parameters };
        const created: Stack = { ...stack, parameters: { RoleName: access.roleName, ...parameters } };
        return {
          stackName,
          services,
          quickCreate: templates?.ok ? quickCreateLink(created, templates.value) : null,
          deploy: deployLine(created, join(packageRoot(), 'infra', 'customer', 'write.yaml')),
          update: updateLine(stack, ['RoleName', 'HardenRequests']),
        };
      });
      const terraform = terraformScale(access.stacks.flatMap(({ services }) => services));
      const { customer, service, mode, accountId, roleName } = access;
      const json = { customer, service, mode, accountId, roleName, stacks, terraform };
      answer(
        terminal,
        options,
        json,
        [...stacks.map(stackText), terraformText(terraform), ...manyText(stacks.length), modeText(access)].join('\n\n'),
      );
    });
}

function stackText(stack: {
  readonly stackName: string;
  readonly services: readonly string[];
  readonly quickCreate: string | null;
  readonly deploy: string;
  readonly update: string;
}): string {
  return [
    `The stack ${stack.stackName} is to list:`,
    ...stack.services.map((arn) => `  ${arn}`),
    ...(stack.quickCreate === null ? [] : [`In the console, the first time:\n  ${stack.quickCreate}`]),
    `On the command line, the first time or any time:\n  ${stack.deploy}`,
    `Once the stack is there, without the template:\n  ${stack.update}`,
  ].join('\n');
}

const terraformText = (scale: string) => `With Terraform, in the module's block:\n${scale.replace(/^/gm, '  ')}`;

/** Of the ten managed policies that a role may have by default, one is for queues. */
const MOST_STACKS = 9;
const manyText = (stacks: number) =>
  stacks <= MOST_STACKS
    ? []
    : [
        `A role has at most 10 managed policies by default, and these are ${stacks}: ask AWS for more, or use write-cluster.yaml or write-tagged.yaml in their place.`,
      ];

const modeText = ({ service, mode }: { readonly service: string; readonly mode: string }) =>
  mode === 'on' || mode === 'out-only'
    ? `${service} is ${mode}: it is scaled as soon as the policy lists it.`
    : `${service} is ${mode}: after the stack was updated, set "mode: on" in its policy file and apply it.`;

function templateProblems({ templateUrl, region }: EnableOptions): readonly string[] {
  const templates = templateUrl === undefined ? undefined : parseTemplateUrl(templateUrl, region);
  return templates === undefined || templates.ok ? [] : templates.problems;
}
