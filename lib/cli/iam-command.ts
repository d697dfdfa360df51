import { Argument, Command, Option } from 'commander';
import { cloudformationText } from '../iam-policies/cloudformation.ts';
import { ECS_ROLES } from '../iam-policies/ecs-roles.ts';
import { withExample } from '../iam-policies/example.ts';
import { explanation, reasonsOf } from '../iam-policies/explain.ts';
import { grantedBy, judge, type Verdict } from '../iam-policies/judge.ts';
import { documentsOf, type NamedDocument } from '../iam-policies/policy-document.ts';
import { type Grant, PURPOSE_NAMES, type Purpose } from '../iam-policies/purpose.ts';
import { PURPOSES, purposeOf } from '../iam-policies/purposes.ts';
import { flagOf, readScope } from '../iam-policies/read-scope.ts';
import type { GivenScope } from '../iam-policies/scope.ts';
import { terraformText } from '../iam-policies/terraform.ts';
import { answer } from './context.ts';
import { several } from './options.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** No purpose of a policy, but what there is to know before one is chosen. */
const ROLES = 'roles';
const FORMATS = ['json', 'cloudformation', 'terraform'] as const;

interface IamOptions extends GivenScope {
  readonly format: (typeof FORMATS)[number];
  readonly document?: string;
  readonly explain?: boolean;
  readonly check?: boolean;
  readonly example?: boolean;
  readonly json?: boolean;
}

const HELP = `
Purposes, with the options that each cannot do without beside --account and --region, and those that it takes:
${PURPOSES.map(purposeHelp).join('\n')}
  ${ROLES}
      the roles that one meets around ECS, who takes up each, its managed policies, and what it is to Sluice

Names may be given as ARNs, which are then held to the account, the Region and its partition. Wildcards are refused. Nothing is
asked of AWS. A purpose with several documents (trust, permissions) prints them by name; --document prints one.`;

function purposeHelp({ name, says, needs, takes }: Purpose): string {
  const flags = [...needs.map(flagOf), ...(takes.length > 0 ? [`[${takes.map(flagOf).join(' ')}]`] : [])];
  return `  ${name}\n      ${says}\n      ${flags.join(' ')}`;
}

/** `sluice iam PURPOSE`: the least that a job takes, as policies to install. Exit code 1 where --check finds one that is not as it says. */
export function iamCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  const list = (flags: string, says: string) => new Option(flags, says).argParser(several);
  return new Command('iam')
    .description('print the least permissions for a job, as policies to install: for Sluice, and for the CI around it')
    .addArgument(new Argument('<purpose>', 'what for').choices([...PURPOSE_NAMES, ROLES]))
    .option('--account <id>', 'AWS account in which it holds')
    .option('--region <region>', 'Region in which it holds; says the partition')
    .addOption(list('--cluster <name>', 'ECS cluster (repeatable)'))
    .addOption(list('--service <cluster/name>', 'ECS service (repeatable)'))
    .addOption(list('--task-definition <family>', 'family of task definitions, where it is not called as the service (repeatable)'))
    .addOption(list('--role <name>', 'role that may be handed to ECS tasks (repeatable)'))
    .addOption(list('--repository <name>', 'ECR repository (repeatable)'))
    .addOption(list('--queue <name>', 'SQS queue (repeatable)'))
    .addOption(list('--bucket <name>', 'S3 bucket'))
    .addOption(list('--key <path>', 'state file in the bucket (repeatable; default: all of the bucket)'))
    .addOption(list('--table <name>', "DynamoDB table: of Terraform's locks, of Sluice's store"))
    .option('--lock-file', 'Terraform locks by a file beside the state; with --table by both, as while moving')
    .addOption(list('--oidc-provider <issuer>', 'OIDC issuer of the EKS cluster'))
    .addOption(list('--namespace <name>', 'Kubernetes namespace'))
    .addOption(list('--service-account <name>', 'Kubernetes service account'))
    .addOption(list('--customer-role <arn>', "role in a customer's account (repeatable)"))
    .addOption(list('--stage <stage>', 'stage of Sluice (default: prod)'))
    .addOption(list('--github-repository <owner/name>', 'repository on GitHub whose jobs take up the role by OIDC'))
    .addOption(list('--github-environment <name>', 'environment of that repository'))
    .addOption(list('--reports-domain <host>', 'host name of your own for report URLs'))
    .addOption(list('--hosted-zone <id>', 'Route 53 zone in which that is entered'))
    .option('--harden-requests', 'refuse changes that carry more than a count (not yet proven on AWS)')
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('json'))
    .option('--document <name>', 'of several JSON documents this one alone, fit for the AWS CLI')
    .option('--explain', 'instead: why each action is there')
    .option('--check', 'instead: put to it every call that it must allow, and every one that it must refuse')
    .option('--example', 'example values for what is not given')
    .option('--json', 'one JSON document on stdout, and nothing else')
    .addHelpText('after', HELP)
    .action((name: string, options: IamOptions, command: Command) => {
      if (name === ROLES) {
        const idle = command.options.filter(
          (option) => option.long !== '--json' && command.getOptionValueSource(option.attributeName()) === 'cli',
        );
        if (idle.length > 0)
          throw new UserMistake(idle.map(({ long }) => `sluice iam ${ROLES}: ${long} does nothing here: it prints what there is to know`));
        answer(terminal, options, { roles: ECS_ROLES }, rolesText());
        return;
      }
      const purpose = purposeOf(name);
      if (purpose === undefined) throw new UserMistake([`there is no purpose ${name}; there are ${PURPOSE_NAMES.join(', ')}`]);
      const read = readScope(purpose, options.example ? withExample(purpose, options) : options);
      const problems = [...(read.ok ? [] : read.problems), ...clashes(options)];
      if (!read.ok || problems.length > 0) throw new UserMistake(problems.map((problem) => `sluice iam ${name}: ${problem}`));
      const grants = purpose.grants(read.scope);
      const documents = documentsOf(grants);
      const verdicts = judge(purpose, read.scope, grantedBy(grants));
      const text = options.explain
        ? explanation(grants)
        : options.check
          ? checked(verdicts)
          : rendered(purpose, grants, documents, options);
      const calls = verdicts.map(({ call: { does, of, action, resource, context }, expected, right }) => ({
        does,
        of,
        action,
        resource,
        context: context ?? {},
        expected,
        right,
      }));
      const { format } = options;
      answer(terminal, options, { purpose: name, scope: read.scope, format, text, documents, reasons: reasonsOf(grants), calls }, text);
      if (verdicts.some(({ right }) => !right)) onExit(1);
    });
}

const rolesText = () =>
  ECS_ROLES.map(({ name, kind, trusts, managedPolicies, does, sluice }) =>
    [
      `${kind}: ${name}`,
      ...trusts.map((service) => `    taken up by  ${service}`),
      ...managedPolicies.map((policy) => `    policy       ${policy}`),
      `    ${does}`,
      `    ${sluice}`,
    ].join('\n'),
  ).join('\n\n');

function clashes({ explain, check, document, format }: IamOptions): string[] {
  const problems: string[] = [];
  if (explain && check) problems.push('--explain and --check are two answers: give one');
  if (document !== undefined && format !== 'json') problems.push(`--document is for --format json; ${format} has them all in one text`);
  return problems;
}

function rendered(
  purpose: Purpose,
  grants: readonly Grant[],
  documents: readonly NamedDocument[],
  { format, document }: IamOptions,
): string {
  if (format === 'cloudformation') return cloudformationText(purpose, grants).trimEnd();
  if (format === 'terraform') return terraformText(purpose, grants).trimEnd();
  const pretty = (value: object) => JSON.stringify(value, undefined, 2);
  const [only, ...others] = document === undefined ? documents : documents.filter(({ name }) => name === document);
  if (only === undefined)
    throw new UserMistake([`--document: ${purpose.name} has no ${document}; it has ${documents.map(({ name }) => name).join(', ')}`]);
  if (others.length === 0) return pretty(only.policy);
  return pretty(Object.fromEntries(documents.map(({ name, policy }) => [name, policy])));
}

function checked(verdicts: readonly Verdict[]): string {
  const wrong = verdicts.filter(({ right }) => !right).length;
  const rows = verdicts.map(({ call, expected, right }) => [right ? expected : `NOT ${expected}`, call.of, call.action, call.does]);
  const count = (expected: Verdict['expected']) => verdicts.filter((verdict) => verdict.expected === expected).length;
  const sum = `${count('allowed')} calls must be allowed, ${count('refused')} refused: ${wrong === 0 ? 'all of them are' : `${wrong} are not`}.`;
  return `${tableText(['', 'BY', 'ACTION', 'CALL'], rows)}\n\n${sum}`;
}
