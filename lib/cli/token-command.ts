import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import type { AdminClient } from './admin-client.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { iso } from './iso.ts';
import { createdTokenAnswer, revokedAnswer, tokensAnswer } from './operate-answers.ts';
import { reportUrlAt, UNKNOWN_BEGINNING } from './report-url-at.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface TokenOptions extends TalkOptions {
  readonly customer?: string;
}
interface Live {
  readonly keyId: string;
  readonly createdAt: number;
}

const of = (command: Command): Command =>
  talking(command)
    .argument('<service>', 'name of the service, or customer/name')
    .option('--customer <name>', 'the customer that the service belongs to');

const dated = (tokens: readonly Live[]) => tokens.map(({ keyId, createdAt }) => ({ keyId, createdAt: iso(createdAt) }));

/** `sluice token …`: the report tokens of a service. Two may be live, so that one is replaced without losing a report. */
export function tokenCommand(terminal: Terminal): Command {
  return new Command('token')
    .description('list, make, rotate and revoke the report tokens of a service')
    .addCommand(listCommand(terminal))
    .addCommand(createCommand(terminal))
    .addCommand(rotateCommand(terminal))
    .addCommand(revokeCommand(terminal));
}

const listCommand = (terminal: Terminal) =>
  of(new Command('list').description('live tokens by their key ids; their secrets are known to nobody')).action(
    async (name: string, options: TokenOptions) => {
      const { client } = adminFor(options, terminal);
      const { customer, service } = await findService(client, name, options.customer);
      const { tokens } = readAnswer(tokensAnswer, await client.get('/v1/tokens', { customer, service }));
      const rows = tokens.map(({ keyId, createdAt }) => [keyId, iso(createdAt)]);
      const text = rows.length === 0 ? `${service} has no report token: sluice token create ${service}` : tableText(['KEY', 'MADE'], rows);
      answer(terminal, options, { customer, service, tokens: dated(tokens) }, text);
    },
  );

const createCommand = (terminal: Terminal) =>
  of(new Command('create').description('make a token; it is shown this once')).action((name: string, options: TokenOptions) =>
    make(terminal, name, options, false),
  );

const rotateCommand = (terminal: Terminal) =>
  of(
    new Command('rotate').description(
      'make the token that takes the place of the one in use; when the app reports with it, finish: the old one is revoked',
    ),
  )
    .option('--finish', 'revoke all but the newest')
    .action((name: string, options: TokenOptions & { readonly finish?: boolean }) =>
      options.finish ? revoke(terminal, name, options, { allButNewest: true }) : make(terminal, name, options, true),
    );

const revokeCommand = (terminal: Terminal) =>
  of(new Command('revoke').description('make a token worthless, within two minutes everywhere'))
    .argument('<key>', 'its key id, as sluice token list shows it')
    .action((name: string, keyId: string, options: TokenOptions) => revoke(terminal, name, options, { keyId }));

async function make(terminal: Terminal, name: string, options: TokenOptions, rotating: boolean): Promise<void> {
  const { client, url } = adminFor(options, terminal);
  const found = await findService(client, name, options.customer);
  if (rotating) await somethingToRotate(client, found);
  const made = readAnswer(createdTokenAnswer, await client.post('/v1/tokens', found));
  const reportUrl = made.reportUrl ?? reportUrlAt(url, made.token);
  const shown = reportUrl === undefined ? `${made.token}\n${UNKNOWN_BEGINNING}` : `JUDOSCALE_URL=${reportUrl}`;
  const old = made.live.filter(({ keyId }) => keyId !== made.keyId);
  const next =
    old.length === 0
      ? []
      : [
          `Until it is in use everywhere, ${old.map(({ keyId }) => keyId).join(', ')} works as well. Then: sluice token rotate ${found.service} --finish`,
        ];
  const whole = reportUrl === undefined ? {} : { reportUrl };
  const json = { ...found, keyId: made.keyId, token: made.token, ...whole, live: dated(made.live) };
  answer(terminal, options, json, [`Key ${made.keyId} of ${found.service}, shown this once:`, shown, ...next].join('\n'));
}

async function somethingToRotate(client: AdminClient, { customer, service }: { customer: string; service: string }): Promise<void> {
  const { tokens } = readAnswer(tokensAnswer, await client.get('/v1/tokens', { customer, service }));
  if (tokens.length === 0) throw new UserMistake([`${service} has no token to rotate: sluice token create ${service}`]);
}

async function revoke(terminal: Terminal, name: string, options: TokenOptions, which: object): Promise<void> {
  const { client } = adminFor(options, terminal);
  const found = await findService(client, name, options.customer);
  const { revoked, live, endsWithinMs } = readAnswer(revokedAnswer, await client.post('/v1/tokens/revoke', { ...found, ...which }));
  const text =
    revoked.length === 0
      ? `There was nothing to revoke: ${found.service} has ${live.length} live token${live.length === 1 ? '' : 's'}.`
      : `Revoked ${revoked.join(', ')} of ${found.service}: it works nowhere after ${Math.round(endsWithinMs / 60_000)} minutes. Live: ${live.map(({ keyId }) => keyId).join(', ') || 'none'}.`;
  answer(terminal, options, { ...found, revoked, live: dated(live), endsWithinMs }, text);
}
