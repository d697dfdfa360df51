import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { iso } from './iso.ts';
import { withCheck } from './mistakes.ts';
import { overrideAnswer } from './operate-answers.ts';
import { durationOption, instantOption, tasksOption } from './options.ts';
import type { Terminal } from './terminal.ts';

interface OverrideOptions extends TalkOptions {
  readonly customer?: string;
  readonly min?: number;
  readonly max?: number;
  readonly for?: number;
  readonly until?: number;
  readonly name?: string;
  readonly clear?: boolean;
}

/** `sluice override SERVICE`: other bounds for a while; they end by themselves. */
export function overrideCommand(terminal: Terminal): Command {
  return withCheck(
    talking(
      new Command('override').description(
        'raise the floor or lower the cap of a service for a while; it ends by itself, and never goes over tasks.max',
      ),
    ),
    problemsOf,
  )
    .argument('<service>', 'name of the service, or customer/name')
    .option('--customer <name>', 'the customer that the service belongs to')
    .option('--min <tasks>', 'at least so many tasks', tasksOption)
    .option('--max <tasks>', 'at most so many tasks', tasksOption)
    .option('--for <duration>', 'for 30m, 2h, …, at most 31d', durationOption)
    .option('--until <time>', 'until 2026-11-27T18:00:00Z', instantOption)
    .option('--name <text>', 'what it is for; one of the same name is replaced')
    .option('--clear', 'take back every override of the service')
    .action(async (name: string, options: OverrideOptions) => {
      const { min, max, for: forMs, until, clear } = options;
      const { client } = adminFor(options, terminal);
      const found = await findService(client, name, options.customer);
      const given = { min, max, forMs, until, name: options.name, ...(clear ? { clear } : {}) };
      const body = { ...found, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
      const { service, overrides, warnings } = readAnswer(overrideAnswer, await client.post('/v1/override', body));
      for (const warning of warnings) terminal.stderr.write(`${warning}\n`);
      const lines = overrides.map(
        (o) =>
          `  ${o.name}: ${[o.min === undefined ? '' : `min ${o.min}`, o.max === undefined ? '' : `max ${o.max}`].filter((part) => part !== '').join(', ')} until ${iso(o.until)}`,
      );
      const json = overrides.map((override) => ({ ...override, from: iso(override.from), until: iso(override.until) }));
      answer(
        terminal,
        options,
        { customer: found.customer, service, overrides: json, warnings },
        overrides.length === 0 ? `${service} has no override.` : [`Overrides of ${service}:`, ...lines].join('\n'),
      );
    });
}

function problemsOf({ min, max, for: forMs, until, name, clear }: OverrideOptions): string[] {
  if (clear)
    return [min, max, forMs, until, name].some((given) => given !== undefined) ? ['--clear takes back all: leave the others out.'] : [];
  return [
    ...(min === undefined && max === undefined ? ['Give --min, --max or both, or --clear.'] : []),
    ...(min !== undefined && max !== undefined && min > max ? [`--min ${min} is over --max ${max}.`] : []),
    ...(forMs === undefined && until === undefined ? ['An override ends by itself: give --for 2h or --until TIME.'] : []),
    ...(forMs !== undefined && until !== undefined ? ['Give --for or --until, not both.'] : []),
  ];
}
