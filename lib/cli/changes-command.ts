import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import { confirmed } from './confirm.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { demandCustomer } from './demand-customer.ts';
import { iso } from './iso.ts';
import { withCheck } from './mistakes.ts';
import { changesAnswer, rolledBackAnswer, servicesCustomers } from './operate-answers.ts';
import { changeOption, countOption, durationOption } from './options.ts';
import { withProgress } from './progress.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface ScopeOptions extends TalkOptions {
  readonly customer?: string;
  readonly operator?: boolean;
}

/** The customer of the options; of a Sluice with one customer, that one. Null: the operator's own. */
async function customerOf(client: ReturnType<typeof adminFor>['client'], { customer, operator }: ScopeOptions): Promise<string | null> {
  if (operator) return null;
  if (customer !== undefined) return customer;
  const { services } = readAnswer(servicesCustomers, await client.get('/v1/services'));
  const [only, ...others] = [...new Set(services.map((service) => service.customer))].sort();
  if (only !== undefined && others.length === 0) return only;
  throw new UserMistake([only === undefined ? 'Say whose: --customer NAME.' : `Say whose: --customer ${[only, ...others].join(' or ')}.`]);
}

const scopeProblems = ({ customer, operator }: ScopeOptions) =>
  operator && customer !== undefined ? ['--operator is what concerns no customer: leave out --customer.'] : [];

const scoped = (command: Command): Command =>
  withCheck(talking(command), scopeProblems)
    .option('--customer <name>', 'whose changes; needed where there are several customers')
    .option('--operator', 'what concerns no customer: pauses of everything, limits of principals, customers forgotten');

/** `sluice changes`: who changed what, and when. */
export function changesCommand(terminal: Terminal): Command {
  return scoped(new Command('changes').description('who changed what and when, the newest last; each can be looked at whole with --json'))
    .option('--since <duration>', 'only those of the last 2h, 7d, …', durationOption)
    .option('--limit <count>', 'at most so many', countOption, 50)
    .action(async (options: ScopeOptions & { readonly since?: number; readonly limit: number }) => {
      const { client } = adminFor(options, terminal);
      const customer = await customerOf(client, options);
      const { changes } = readAnswer(
        changesAnswer,
        await client.get('/v1/changes', {
          customer: customer ?? undefined,
          since: options.since === undefined ? undefined : String(terminal.now() - options.since),
          limit: String(options.limit),
        }),
      );
      if (changes.length === 0) await demandCustomer(client, options.customer);
      const oldestFirst = changes.toReversed();
      const rows = oldestFirst.map((change) => [
        change.id,
        iso(change.at),
        change.who.replace(/^arn:[^:]+:[^:]+::/, ''),
        `${change.summary}${change.takesBack === undefined ? '' : ` (takes back ${change.takesBack})`}`,
      ]);
      const text =
        rows.length === 0 ? 'Nothing was changed, as far as the record goes back.' : tableText(['CHANGE', 'WHEN', 'WHO', 'WHAT'], rows);
      answer(terminal, options, { customer, changes: oldestFirst.map((change) => ({ ...change, at: iso(change.at) })) }, text);
    });
}

/** `sluice rollback CHANGE`: puts back what was before it. */
export function rollbackCommand(terminal: Terminal): Command {
  return scoped(
    new Command('rollback').description(
      'put back what was before a change of a policy, a mode, an override, a pause or the limit of a principal; itself on record',
    ),
  )
    .argument('<change>', 'its id, as sluice changes shows it', changeOption)
    .option('--force', 'also where it was changed again since, which is lost then')
    .option('-y, --yes', 'do not ask')
    .action(async (change: string, options: ScopeOptions & { readonly force?: boolean; readonly yes?: boolean }) => {
      const { client } = adminFor(options, terminal);
      const customer = await customerOf(client, options);
      if (!(await confirmed(terminal, `Put back what was before ${change}?`, options))) {
        terminal.stderr.write('Nothing was put back.\n');
        return;
      }
      const body = { ...(customer === null ? {} : { customer }), change, ...(options.force ? { force: true } : {}) };
      const done = readAnswer(
        rolledBackAnswer,
        await withProgress(terminal, `Putting back what was before ${change}`, () => client.post('/v1/rollback', body)),
      );
      answer(terminal, options, { customer, ...done }, done.summary);
    });
}
