import { Command } from 'commander';
import { decisionsAnswer, readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { countOption, durationOption } from './options.ts';
import type { Terminal } from './terminal.ts';

interface DecisionsOptions extends TalkOptions {
  readonly customer?: string;
  readonly since?: number;
  readonly limit: number;
  readonly trail?: boolean;
}

const iso = (at: number) => new Date(at).toISOString();

/** `sluice decisions SERVICE`: why it scaled, and why it did not. */
export function decisionsCommand(terminal: Terminal): Command {
  return talking(new Command('decisions').description('show what was decided for a service and why, the newest last'))
    .argument('<service>', 'name of the service, or customer/name')
    .option('--customer <name>', 'the customer that the service belongs to')
    .option('--since <duration>', 'only those of the last 30m, 2h, …', durationOption)
    .option('--limit <count>', 'at most so many', countOption, 20)
    .option('--trail', 'with what every rule said')
    .action(async (name: string, options: DecisionsOptions) => {
      const { client } = adminFor(options, terminal);
      const { customer, service } = await findService(client, name, options.customer);
      const since = options.since === undefined ? undefined : String(terminal.now() - options.since);
      const { decisions } = readAnswer(
        decisionsAnswer,
        await client.get('/v1/decisions', { customer, service, since, limit: String(options.limit) }),
      );
      const oldestFirst = decisions.toReversed();
      const json = oldestFirst.map(({ decision, outcome }) => ({
        ...decision,
        at: iso(decision.at),
        lastAt: iso(decision.lastAt),
        ...(typeof decision['until'] === 'number' ? { until: iso(decision['until']) } : {}),
        ...(outcome ? { outcome: { ...outcome, at: iso(outcome.at) } } : {}),
      }));
      const lines = oldestFirst.flatMap(({ decision, outcome }) => [
        `${iso(decision.at)}  ${decision.code}  ${decision.why}${decision.times > 1 ? ` (${decision.times} times, last ${iso(decision.lastAt)})` : ''}`,
        ...(outcome ? [`  ${outcome.outcome}: ${outcome.why}`] : []),
        ...(options.trail
          ? decision.trail.map((step) => `    ${step.rule}: ${step.why}${step.value === null ? '' : ` → ${step.value}`}`)
          : []),
      ]);
      answer(
        terminal,
        options,
        { customer, service, decisions: json },
        lines.length === 0 ? `Nothing was decided for ${service} yet.` : lines.join('\n'),
      );
    });
}
