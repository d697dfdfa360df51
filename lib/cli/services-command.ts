import { Command } from 'commander';
import { readAnswer, servicesAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { discoveredText } from './discovered-text.ts';
import { type Discovered, discoveredAnswer } from './discovery-answers.ts';
import { withProgress } from './progress.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const shown = (count: number | null) => (count === null ? '?' : String(count));

/** `sluice services`: what is under care and what is known of it, and what else there is in connected accounts. */
export function servicesCommand(terminal: Terminal): Command {
  return talking(
    new Command('services').description(
      'list the services under care (tasks, mode, last decision, problem), and those found in connected accounts: which can be scaled, and why not',
    ),
  )
    .option('--customer <name>', 'only those of this customer')
    .action(async (options: TalkOptions & { readonly customer?: string }) => {
      const { client } = adminFor(options, terminal);
      const [listed, found] = await withProgress(terminal, 'Reading what is under care and what was found', () =>
        Promise.all([
          client.get('/v1/services', { customer: options.customer }).then((given) => readAnswer(servicesAnswer, given)),
          client.get('/v1/discovered', { customer: options.customer }).then((given) => readAnswer(discoveredAnswer, given)),
        ]),
      );
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
      answer(terminal, options, { services: json, ...discoveredJson(found) }, [text, ...discoveredText(found)].join('\n'));
    });
}

const discoveredJson = ({ accounts, more }: Discovered) => ({
  accounts: accounts.map((account) => ({
    ...account,
    at: iso(account.at),
    provedAt: iso(account.provedAt),
    findings: account.findings.map((finding) => ({ ...finding, since: iso(finding.since) })),
    regions: account.regions.map((region) => ({ ...region, seenAt: iso(region.seenAt ?? null) })),
  })),
  more,
});
