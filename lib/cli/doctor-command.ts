import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import type { AdminClient } from './admin-client.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { accountName } from './discovered-text.ts';
import { accountExaminedAnswer, type Checks, sluiceExaminedAnswer } from './discovery-answers.ts';
import { doctorSelf } from './doctor-self.ts';
import { withCheck } from './mistakes.ts';
import { withProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface DoctorOptions extends TalkOptions {
  readonly customer?: string;
  readonly self?: boolean;
}

const MARKS = { ok: 'ok     ', note: 'note   ', wrong: 'WRONG  ', unknown: 'unknown' } as const;

/** `sluice doctor [ACCOUNT]`: everything that has to be right, each ok, wrong with how to mend it, or not to be told now. */
export function doctorCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return withCheck<DoctorOptions>(
    talking(
      new Command('doctor').description(
        'check Sluice and the accounts that it scales in: keys, trust, permissions, rivals, adapters, clock; exit code 1 when something is wrong',
      ),
    ),
    ({ self, customer }, [accountId]) => [
      ...(accountId === undefined || /^\d{12}$/.test(accountId)
        ? []
        : [`An account is twelve digits, without spaces or hyphens; got ${JSON.stringify(accountId)}.`]),
      ...(self && (accountId !== undefined || customer !== undefined)
        ? ['--self is about this process alone: leave out the account and --customer.']
        : []),
    ],
  )
    .argument('[account]', 'one account, twelve digits; default: all of them')
    .option('--customer <name>', 'only accounts of this customer')
    .option('--self', "this process's own credentials, as sluice serve would have them here: no running Sluice is asked")
    .action(async (accountId: string | undefined, options: DoctorOptions) => {
      if (options.self) return onExit(await examineThisProcess(terminal, options));
      const { client } = adminFor(options, terminal);
      const examined = await withProgress(terminal, 'Looking at Sluice', () => client.get('/v1/doctor', { customer: options.customer }));
      const sluice = readAnswer(sluiceExaminedAnswer, examined);
      const chosen = sluice.accounts.filter((account) => accountId === undefined || account.accountId === accountId);
      if (accountId !== undefined && chosen.length === 0) throw new UserMistake([unknownAccount(accountId, options.customer)]);
      const accounts = await examineEach(client, chosen, terminal);
      const all = [...sluice.checks, ...accounts.flatMap(({ checks }) => checks)];
      const wrong = all.filter(({ result }) => result === 'wrong').length;
      const unknown = all.filter(({ result }) => result === 'unknown').length;
      const text = [
        'Sluice',
        ...lines(sluice.checks),
        ...accounts.flatMap((account) => ['', `Account ${accountName(account)} of ${account.customer}`, ...lines(account.checks)]),
        ...(accounts.length === 0 ? ['', 'No account is connected yet: sluice connect ACCOUNT_ID --customer NAME'] : []),
        '',
        wrong === 0 && unknown === 0 ? 'All is well.' : `${wrong} wrong, ${unknown} that could not be told.`,
      ];
      answer(terminal, options, { ok: wrong === 0, checks: sluice.checks, accounts }, text.join('\n'));
      onExit(wrong === 0 ? 0 : 1);
    });
}

async function examineThisProcess(terminal: Terminal, options: DoctorOptions): Promise<number> {
  const checks = await doctorSelf(terminal);
  const wrong = checks.filter(({ result }) => result === 'wrong').length;
  const text = ['This process', ...lines([...checks]), '', wrong === 0 ? 'Nothing is wrong.' : `${wrong} wrong.`];
  answer(terminal, options, { ok: wrong === 0, checks }, text.join('\n'));
  return wrong === 0 ? 0 : 1;
}

/** One request an account: each has the time of a request to itself. */
async function examineEach(
  client: AdminClient,
  accounts: readonly { readonly customer: string; readonly accountId: string }[],
  terminal: Terminal,
) {
  const examined = [];
  for (const [i, { customer, accountId }] of accounts.entries()) {
    const what = `Looking at account ${accountId}, ${i + 1} of ${accounts.length}`;
    const answered = await withProgress(terminal, what, () => client.get('/v1/doctor', { customer, accountId }));
    examined.push(readAnswer(accountExaminedAnswer, answered));
  }
  return examined;
}

const lines = (checks: Checks) =>
  checks.flatMap(({ check, result, what, mend }) => [
    `  ${MARKS[result]}  ${check}: ${what}`,
    ...(mend === undefined ? [] : [`             → ${mend}`]),
  ]);

const unknownAccount = (accountId: string, customer: string | undefined) =>
  `Account ${accountId} is not known${customer === undefined ? '' : ` for customer ${customer}`}: sluice connect ${accountId} --customer ${customer ?? 'NAME'} begins to connect it.`;
