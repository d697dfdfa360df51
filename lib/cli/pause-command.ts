import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import type { AdminClient } from './admin-client.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { withCheck } from './mistakes.ts';
import { resumedAnswer } from './operate-answers.ts';
import { durationOption } from './options.ts';
import type { Terminal } from './terminal.ts';

interface ScopeOptions extends TalkOptions {
  readonly customer?: string;
  readonly all?: boolean;
}
interface PauseOptions extends ScopeOptions {
  readonly in?: boolean;
  readonly out?: boolean;
  readonly for?: number;
  readonly why?: string;
}

/** What the request is about: one service, one customer, or everything; asked for in words, never by leaving words out. */
async function scopeOf(client: AdminClient, service: string | undefined, { customer, all }: ScopeOptions): Promise<object> {
  if (all) return { all: true };
  return service === undefined ? { customer } : findService(client, service, customer);
}

function scopeProblems({ customer, all }: ScopeOptions, [service]: readonly (string | undefined)[]): string[] {
  if (all) return service === undefined && customer === undefined ? [] : ['--all is everything: leave out the service and --customer.'];
  return service === undefined && customer === undefined ? ['Say what: a service, --customer NAME, or --all.'] : [];
}

const scoped = (command: Command): Command =>
  withCheck(talking(command), scopeProblems)
    .argument('[service]', 'name of the service, or customer/name')
    .option('--customer <name>', 'all services of this customer')
    .option('--all', 'all services of all customers');

/** `sluice pause`: nothing is changed until it is resumed; `scale` obeys within seconds. */
export function pauseCommand(terminal: Terminal): Command {
  return scoped(new Command('pause').description('stop scaling a service, a customer or everything; decisions are still made and recorded'))
    .option('--in', 'only scaling in')
    .option('--out', 'only scaling out')
    .option('--for <duration>', 'for 30m, 2h, …; default: until resumed', durationOption)
    .option('--why <text>', 'the reason, kept with the pause')
    .action(async (service: string | undefined, options: PauseOptions) => {
      const { client } = adminFor(options, terminal);
      const { in: scaleIn, out, for: forMs, why } = options;
      const scope = await scopeOf(client, service, options);
      const paused = await client.post('/v1/pause', {
        ...scope,
        ...(scaleIn ? { in: true } : {}),
        ...(out ? { out: true } : {}),
        ...(forMs === undefined ? {} : { forMs }),
        ...(why === undefined ? {} : { why }),
      });
      const ways = scaleIn === out ? 'scaling' : scaleIn ? 'scaling in' : 'scaling out';
      answer(
        terminal,
        options,
        paused,
        `Paused ${ways} of ${spoken(service, options)}${forMs === undefined ? ' until it is resumed' : ` until ${new Date(terminal.now() + forMs).toISOString()}`}.`,
      );
    });
}

/** `sluice resume`: takes back a pause of the same scope, or one direction of it. */
export function resumeCommand(terminal: Terminal): Command {
  return scoped(new Command('resume').description('take a pause back: of a service, a customer or everything, as it was paused'))
    .option('--in', 'only scaling in')
    .option('--out', 'only scaling out')
    .action(async (service: string | undefined, options: PauseOptions) => {
      const { client } = adminFor(options, terminal);
      const { in: scaleIn, out } = options;
      const scope = await scopeOf(client, service, options);
      const resumed = await client.post('/v1/resume', { ...scope, ...(scaleIn ? { in: true } : {}), ...(out ? { out: true } : {}) });
      const ways = scaleIn === out ? 'scaling' : scaleIn ? 'scaling in' : 'scaling out';
      const { wasPaused, stillPaused = [] } = readAnswer(resumedAnswer, resumed);
      for (const wider of stillPaused) {
        const still = wider.in === wider.out ? 'Scaling' : wider.in ? 'Scaling in' : 'Scaling out';
        terminal.stderr.write(`${still} stays paused with ${wider.paused}: ${wider.why}.\n`);
      }
      const what = `${ways} of ${spoken(service, options)}`;
      answer(terminal, options, resumed, wasPaused === false ? `There was no pause of ${what}.` : `Resumed ${what}.`);
    });
}

const spoken = (service: string | undefined, { customer, all }: ScopeOptions) =>
  all ? 'everything' : (service ?? `customer ${customer ?? ''}`);
