import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import { confirmed, confirmedAsFinal } from './confirm.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { forgottenAnswer, removedAnswer } from './operate-answers.ts';
import { withProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** `sluice remove SERVICE`: out of care; its count stays, and so do its tokens and history. */
export function removeCommand(terminal: Terminal): Command {
  return talking(
    new Command('remove').description('take a service out of care: its count stays as it is; its report tokens and its history are kept'),
  )
    .argument('<service>', 'name of the service, or customer/name')
    .option('--customer <name>', 'the customer that the service belongs to')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options: TalkOptions & { readonly customer?: string; readonly yes?: boolean }) => {
      const { client } = adminFor(options, terminal);
      const found = await findService(client, name, options.customer);
      if (!(await confirmed(terminal, `Take ${found.service} of ${found.customer} out of care?`, options))) {
        terminal.stderr.write('Nothing was changed.\n');
        return;
      }
      const { removed } = readAnswer(removedAnswer, await client.post('/v1/remove', found));
      answer(
        terminal,
        options,
        { customer: found.customer, removed },
        `${removed} is out of care. sluice rollback brings it back (sluice changes).`,
      );
    });
}

/** More requests than any customer's data takes. */
const MOST_REQUESTS = 5_000;

/** `sluice forget CUSTOMER`: deletes all that is stored of a customer. Cannot be undone. */
export function forgetCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return talking(
    new Command('forget').description(
      'delete all that is stored of a customer: accounts, services, tokens, reports, history, changes; it does not come back',
    ),
  )
    .argument('<customer>', 'name of the customer')
    .option('-y, --yes', 'do not ask; needed where nobody can be asked')
    .action(async (customer: string, options: TalkOptions & { readonly yes?: boolean }) => {
      const { client } = adminFor(options, terminal);
      if (!(await confirmedAsFinal(terminal, `Delete everything of customer ${customer}? It does not come back.`, options))) {
        if (terminal.ask === undefined) throw new UserMistake(['What is deleted does not come back: say --yes.']);
        terminal.stderr.write('Nothing was deleted.\n');
        return onExit(1);
      }
      const forget = async () => readAnswer(forgottenAnswer, await client.post('/v1/forget', { customer, confirm: customer }));
      const done = await withProgress(terminal, `Deleting what is stored of ${customer}`, async () => {
        for (let i = 0; i < MOST_REQUESTS; i++) if ((await forget()).done) return true;
        return false;
      });
      const text = done
        ? `Nothing of customer ${customer} is stored any more. Backups (point-in-time recovery) run out by themselves after at most 35 days.`
        : `There is more of ${customer} than was deleted now, and nothing of it is in use any more: run this again.`;
      answer(terminal, options, { customer, done }, text);
      onExit(done ? 0 : 1);
    });
}
