import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { freedAnswer, limitedAnswer, principalsAnswer, whoamiAnswer } from './operate-answers.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** `sluice principal …`: who may see and change one customer only. */
export function principalCommand(terminal: Terminal): Command {
  return new Command('principal')
    .description('list, set and take away limits: a role or user of IAM that may see and change one customer only')
    .addCommand(
      talking(new Command('list').description('principals that are limited; all others that IAM lets in see everything')).action(
        async (options: TalkOptions) => {
          const { client } = adminFor(options, terminal);
          const { principals } = readAnswer(principalsAnswer, await client.get('/v1/principals'));
          const rows = principals.map(({ arn, customer }) => [arn, customer]);
          answer(terminal, options, { principals }, rows.length === 0 ? 'Nobody is limited.' : tableText(['PRINCIPAL', 'CUSTOMER'], rows));
        },
      ),
    )
    .addCommand(
      talking(new Command('limit').description('let a role or user see and change this customer only'))
        .argument('<arn>', 'ARN of the role or user')
        .requiredOption('--customer <name>', 'the only one that it may see')
        .action(async (arn: string, options: TalkOptions & { readonly customer: string }) => {
          const { client } = adminFor(options, terminal);
          const limited = readAnswer(limitedAnswer, await client.post('/v1/principals', { arn, customer: options.customer }));
          answer(terminal, options, limited, `${limited.arn} sees customer ${limited.customer} only.`);
        }),
    )
    .addCommand(
      talking(new Command('free').description('take a limit away: the role or user sees all customers'))
        .argument('<arn>', 'ARN of the role or user')
        .action(async (arn: string, options: TalkOptions) => {
          const { client } = adminFor(options, terminal);
          const freed = readAnswer(freedAnswer, await client.post('/v1/principals/free', { arn }));
          answer(terminal, options, freed, `${freed.arn} is no longer limited to ${freed.was}: it sees all customers.`);
        }),
    );
}

/** `sluice whoami`: whom the admin API takes you for. */
export function whoamiCommand(terminal: Terminal): Command {
  return talking(new Command('whoami').description('whom the admin API takes you for, and which customers you may see')).action(
    async (options: TalkOptions) => {
      const { client } = adminFor(options, terminal);
      const me = readAnswer(whoamiAnswer, await client.get('/v1/whoami'));
      answer(terminal, options, me, `${me.who}, ${me.customer === null ? 'all customers' : `customer ${me.customer} only`}`);
    },
  );
}
