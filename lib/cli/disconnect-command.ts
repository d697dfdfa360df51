import { Command } from 'commander';
import { parseAccountId } from '../accounts/role-arn.ts';
import { stackNames } from '../accounts/stack-names.ts';
import { writeParts } from '../accounts/write-parts.ts';
import { deleteLine } from '../customer-templates/stack.ts';
import { disconnectedAnswer, readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { withCheck } from './mistakes.ts';
import { withProgress } from './progress.ts';
import { regionOption } from './region-option.ts';
import type { Terminal } from './terminal.ts';

interface DisconnectOptions extends TalkOptions {
  readonly customer: string;
  readonly region: string;
  readonly deleteHistory?: boolean;
}

/** `sluice disconnect ACCOUNT_ID`: stops at once, deletes what is stored, and says how the customer deletes the rest. */
export function disconnectCommand(terminal: Terminal): Command {
  return withCheck(
    talking(
      new Command('disconnect').description(
        'end the connection to an account: nothing is scaled any more, and its services, counts, pauses and report tokens are deleted',
      ),
    ),
    accountProblems,
  )
    .argument('<account-id>', 'twelve digits')
    .requiredOption('--customer <name>', 'the customer that the account belongs to')
    .option('--region <region>', "the Region of the customer's stacks", regionOption, 'us-east-1')
    .option('--delete-history', 'delete past decisions, too; otherwise they end by their own dates, as points for charts do in any case')
    .action(async (accountId: string, options: DisconnectOptions) => {
      const { customer, region, deleteHistory } = options;
      const { client } = adminFor(options, terminal);
      const body = { customer, accountId, ...(deleteHistory ? { deleteHistory } : {}) };
      const services: { name: string; arn: string }[] = [];
      for (;;) {
        const what = `Taking services of account ${accountId} out of care, ${services.length} so far`;
        const some = readAnswer(disconnectedAnswer, await withProgress(terminal, what, () => client.post('/v1/accounts/disconnect', body)));
        services.push(...some.services);
        if (some.done) break;
      }
      const arns = services.map(({ arn }) => arn);
      // What hangs on the role goes before it.
      const stacks = [
        ...writeParts(arns).map((_, part) => stackNames.write(customer, part)),
        stackNames.queues(customer),
        stackNames.read(customer),
      ];
      const deleteStacks = stacks.map((stackName) => deleteLine(stackName, region));
      const gone =
        services.length === 0
          ? 'No service of it was under care.'
          : `No longer under care: ${services.map(({ name }) => name).join(', ')}.`;
      // A point is of a whole group, which may have services in other accounts.
      const stays = deleteHistory
        ? `Past decisions of these services are deleted. Points for charts are kept by group and stay until their date.\n`
        : '';
      answer(
        terminal,
        options,
        { customer, accountId, services, deleteStacks },
        `Account ${accountId} of ${customer} is disconnected. ${gone}\n${stays}In the account, what was made with the templates can go now (a stack that is not there is no error):\n${deleteStacks.map((line) => `  ${line}`).join('\n')}`,
      );
    });
}

function accountProblems(_: DisconnectOptions, [accountId]: readonly (string | undefined)[]): readonly string[] {
  const parsed = accountId === undefined ? undefined : parseAccountId(accountId);
  return parsed === undefined || parsed.ok ? [] : parsed.problems;
}
