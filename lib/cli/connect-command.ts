import { join } from 'node:path';
import { Command, Option } from 'commander';
import { parseAccountId, parseRoleArn } from '../accounts/role-arn.ts';
import { stackNames } from '../accounts/stack-names.ts';
import { deployLine, quickCreateLink, type Stack } from '../customer-templates/stack.ts';
import { parseTemplateUrl } from '../customer-templates/template-url.ts';
import { terraformBlock } from '../customer-templates/terraform-block.ts';
import { packageRoot } from '../local/package-root.ts';
import { connectedAnswer, preparedAnswer, readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { withCheck } from './mistakes.ts';
import { withProgress } from './progress.ts';
import { regionOption } from './region-option.ts';
import type { Terminal } from './terminal.ts';

interface ConnectOptions extends TalkOptions {
  readonly customer: string;
  readonly roleArn?: string;
  readonly region: string;
  readonly templateUrl?: string;
  readonly allowOwnAccount?: boolean;
  readonly externalId?: string;
}

const HELP = `
Twice for each account. First without --role-arn: makes the account's external ID and prints what creates the role, filled in;
asked again it prints the same. Then with the role's ARN: the role is proved, by the deployed function and never with the keys
of whoever types, to let in this external ID and no other, and none; only then it is stored.`;

/** `sluice connect ACCOUNT_ID`: both steps. Exit code 1 when the role is refused. */
export function connectCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return withCheck(
    talking(new Command('connect').description("connect a customer's AWS account: its external ID first, then the role that trusts it")),
    problemsOf,
  )
    .argument('<account-id>', 'twelve digits')
    .requiredOption('--customer <name>', 'the customer that the account belongs to')
    .option('--role-arn <arn>', 'the role that was made: prove it, and store it')
    .option('--region <region>', "the Region in which the customer's stack is made; IAM itself is global", regionOption, 'us-east-1')
    .option('--template-url <url>', 'folder in S3 that holds read.yaml and the other templates, for a link to the console')
    .option('--allow-own-account', "connect the operator's own account, too")
    .addOption(new Option('--external-id <id>').hideHelp())
    .addHelpText('after', HELP)
    .action(async (accountId: string, options: ConnectOptions) => {
      const templates = templatesOf(options);
      if (options.roleArn === undefined) await prepare(terminal, accountId, options, templates, onExit);
      else await prove(terminal, accountId, options.roleArn, options, onExit);
    });
}

/** The folder of the templates, where one was given. */
const templatesOf = ({ templateUrl, region }: ConnectOptions): string | undefined => {
  const templates = templateUrl === undefined ? undefined : parseTemplateUrl(templateUrl, region);
  return templates?.ok ? templates.value : undefined;
};

function problemsOf({ roleArn, region, templateUrl, externalId }: ConnectOptions, [accountId]: readonly (string | undefined)[]): string[] {
  const parsed = [
    accountId === undefined ? undefined : parseAccountId(accountId),
    roleArn === undefined ? undefined : parseRoleArn(roleArn),
    templateUrl === undefined ? undefined : parseTemplateUrl(templateUrl, region),
  ];
  const problems = parsed.flatMap((one) => (one === undefined || one.ok ? [] : [...one.problems]));
  if (externalId === undefined) return problems;
  return [
    ...problems,
    'an external ID is never given: Sluice makes it, so that nobody can have a role used under an ID of their choice. Leave out --external-id',
  ];
}

async function prepare(
  terminal: Terminal,
  accountId: string,
  options: ConnectOptions,
  templates: string | undefined,
  onExit: (code: number) => void,
): Promise<void> {
  const { customer, region, allowOwnAccount } = options;
  const { client } = adminFor(options, terminal);
  const body = { customer, accountId, ...(allowOwnAccount ? { allowOwnAccount } : {}) };
  const prepared = readAnswer(
    preparedAnswer,
    await withProgress(terminal, `Making the external ID of account ${accountId}`, () => client.post('/v1/accounts', body)),
  );
  if ('prepared' in prepared) {
    const hint = prepared.code === 'OwnAccount' ? ' Ask for it with --allow-own-account.' : '';
    answer(terminal, options, prepared, `Not prepared, ${prepared.code}: ${prepared.why}${hint}`);
    onExit(1);
    return;
  }
  const { externalId, operatorAccountId, operatorStage, roleArn } = prepared;
  const stack: Stack = {
    template: 'read.yaml',
    stackName: stackNames.read(customer),
    region,
    parameters: { OperatorAccountId: operatorAccountId, OperatorStage: operatorStage, ExternalId: externalId },
  };
  const infra = join(packageRoot(), 'infra');
  const json = {
    customer,
    accountId,
    externalId,
    operatorAccountId,
    operatorStage,
    roleArn: roleArn ?? null,
    region,
    stackName: stack.stackName,
    quickCreate: templates === undefined ? null : quickCreateLink(stack, templates),
    deploy: deployLine(stack, join(infra, 'customer', 'read.yaml')),
    terraform: terraformBlock({ source: join(infra, 'terraform'), operatorAccountId, operatorStage, externalId }),
    next: `sluice connect ${accountId} --customer ${customer} --role-arn <the output RoleArn>`,
  };
  answer(terminal, options, json, preparedText(json));
}

function preparedText(prepared: {
  readonly accountId: string;
  readonly externalId: string;
  readonly roleArn: string | null;
  readonly quickCreate: string | null;
  readonly deploy: string;
  readonly terraform: string;
  readonly next: string;
}): string {
  const link =
    prepared.quickCreate ??
    '(none: give --template-url, a folder in S3 that holds the files of infra/customer; the console takes templates from S3 alone)';
  return [
    `The external ID of account ${prepared.accountId} is ${prepared.externalId}. It stays the same.`,
    ...(prepared.roleArn === null ? [] : [`The account is connected already, with ${prepared.roleArn}.`]),
    'The customer makes the role in one of three ways.',
    `\nIn the console, signed in to the account:\n  ${link}`,
    `\nOn the command line, with keys of the account:\n  ${prepared.deploy}`,
    `\nWith Terraform:\n${indented(prepared.terraform)}`,
    `\nThen:\n  ${prepared.next}`,
  ].join('\n');
}

const indented = (text: string) => text.replace(/^(?=.)/gm, '  ');

async function prove(
  terminal: Terminal,
  accountId: string,
  roleArn: string,
  options: ConnectOptions,
  onExit: (code: number) => void,
): Promise<void> {
  const { customer, allowOwnAccount } = options;
  const { client } = adminFor(options, terminal);
  const body = { customer, accountId, roleArn, ...(allowOwnAccount ? { allowOwnAccount } : {}) };
  const result = readAnswer(
    connectedAnswer,
    await withProgress(terminal, `Proving what ${roleArn} lets in`, () => client.post('/v1/accounts/connect', body)),
  );
  if (!result.connected) {
    const hint =
      result.code === 'AccountNotPrepared'
        ? ` First: sluice connect ${accountId} --customer ${customer}`
        : result.code === 'OwnAccount'
          ? ' Ask for it with --allow-own-account.'
          : '';
    answer(terminal, options, result, `Not connected, ${result.code}: ${result.why}${hint}`);
    onExit(1);
    return;
  }
  for (const { why } of result.warnings) terminal.stderr.write(`${why}\n`);
  answer(
    terminal,
    options,
    { ...result, customer, roleArn },
    `Account ${accountId} of ${customer} is connected: ${roleArn} lets in its external ID, and neither none nor another.\nServices of it can be applied now; sluice enable SERVICE says what the write policy has to list.`,
  );
}
