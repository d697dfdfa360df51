import { Command } from 'commander';
import { readAnswer, servicesAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const shown = (count: number | null) => (count === null ? '?' : String(count));

/** `sluice services`: what is under care, and what is known of it. */
export function servicesCommand(terminal: Terminal): Command {
  return talking(new Command('services').description('list the services under care: tasks, mode, last decision, problem'))
    .option('--customer <name>', 'only those of this customer')
    .action(async (options: TalkOptions & { readonly customer?: string }) => {
      const { client } = adminFor(options, terminal);
      const listed = readAnswer(servicesAnswer, await client.get('/v1/services', { customer: options.customer }));
      const services = listed.services.toSorted((a, b) => a.customer.localeCompare(b.customer) || a.name.localeCompare(b.name));
      const json = services.map((s) => ({
        ...s,
        seenAt: iso(s.seenAt),
        lastDecision: s.lastDecision && { ...s.lastDecision, at: iso(s.lastDecision.at) },
        lastOutcome: s.lastOutcome && { ...s.lastOutcome, at: iso(s.lastOutcome.at) },
      }));
      const rows = services.map((s) => [
        s.customer,
        s.name,
        s.mode,
        `${shown(s.running)}/${shown(s.desired)}`,
        `${s.min}..${s.max}`,
        s.problem ? `${s.problem.code}: ${s.problem.why}` : (s.lastDecision?.why ?? ''),
      ]);
      const text =
        rows.length === 0
          ? 'No services yet: apply a policy file.'
          : tableText(['CUSTOMER', 'SERVICE', 'MODE', 'RUNNING', 'MIN..MAX', 'LAST'], rows);
      answer(terminal, options, { services: json }, text);
    });
}
