import { Command, InvalidArgumentError } from 'commander';
import { ASSUMED, type Estimate, estimate } from '../estimate/estimate.ts';
import type { Line } from '../estimate/fleet.ts';
import { measuredCounts } from '../estimate/measured-counts.ts';
import { pricedRegions, pricesOf } from '../estimate/prices.ts';
import { parseDuration } from '../policy/duration.ts';
import { withCheck } from './mistakes.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface EstimateOptions {
  readonly services: number;
  readonly tasks: number;
  readonly interval: string;
  readonly region: string;
  readonly busy: string;
  readonly json?: boolean;
}

const LEAST_INTERVAL_MS = 5_000;
const MOST_INTERVAL_MS = 60_000;

const MOST_SERVICES = 100_000;
const MOST_TASKS = 5_000;

/** A whole number from 1 to `most`. */
const upTo = (most: number) => (text: string) => {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > most) throw new InvalidArgumentError(`A whole number from 1 to ${most} is needed.`);
  return count;
};
const intervalOf = (text: string): number | undefined => {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= LEAST_INTERVAL_MS && ms <= MOST_INTERVAL_MS ? ms : undefined;
};
const shareOf = (text: string): number | undefined => {
  const [, digits] = /^(\d{1,3}(?:\.\d)?)%$/.exec(text) ?? [];
  return digits !== undefined && Number(digits) <= 100 ? Number(digits) / 100 : undefined;
};

function problemsOf({ interval, region, busy }: EstimateOptions): string[] {
  return [
    ...(intervalOf(interval) === undefined ? [`--interval: "${interval}" is no time from 5s to 60s, such as 10s`] : []),
    ...(shareOf(busy) === undefined ? [`--busy: "${busy}" is no share from 0% to 100%, such as 5%`] : []),
    ...(pricesOf(region) === undefined
      ? [`--region: there are no prices of "${region}"; there are those of ${pricedRegions().join(', ')}`]
      : []),
  ];
}

/** `sluice estimate`: the month's bill by line, beside the same work with what AWS has. */
export function estimateCommand(terminal: Terminal): Command {
  const command = new Command('estimate')
    .description('what Sluice costs its operator in a month, by line, beside CloudWatch alarms and metrics')
    .requiredOption('--services <count>', 'services under care', upTo(MOST_SERVICES))
    .requiredOption('--tasks <count>', 'tasks of each service, all of which report', upTo(MOST_TASKS))
    .option('--interval <time>', 'how often a task reports, from 5s to 60s', '10s')
    .option('--region <region>', 'where the operator runs it', 'us-east-1')
    .option('--busy <share>', 'of the time, with every report over its target', '5%')
    .option('--json', 'one JSON document on stdout, and nothing else')
    .action((options: EstimateOptions) => {
      const [ms, busy, prices] = [intervalOf(options.interval), shareOf(options.busy), pricesOf(options.region)];
      if (ms === undefined || busy === undefined || !prices) throw new UserMistake(problemsOf(options));
      const { services, tasks, region } = options;
      const result = estimate({ services, tasks, intervalSeconds: ms / 1_000, busy }, measuredCounts, prices);
      const sources = {
        prices: { region, date: prices.date, currency: 'USD' },
        counts: { date: measuredCounts.date, command: measuredCounts.command },
        assumed: ASSUMED,
      };
      const json = { services, tasks, intervalSeconds: ms / 1_000, busy, ...result, ...sources };
      terminal.stdout.write(options.json ? `${JSON.stringify(json)}\n` : text(options, result, prices.date));
    });
  return withCheck<EstimateOptions>(command, problemsOf);
}

function text({ services, tasks, interval, region, busy }: EstimateOptions, result: Estimate, pricesDate: string): string {
  const table = (title: string, lines: readonly Line[]) =>
    tableText(
      [title, 'USD a month', ''],
      lines.map(({ name, usd, how }) => [name, money(usd), how]),
    );
  const total = { name: 'total', usd: result.total, how: `${money(result.total / services).trim()} a service` };
  return [
    `${services} services of ${tasks} tasks that report every ${interval}, ${busy} of the time over target, in ${region}\n`,
    table('Sluice', [...result.lines, total]),
    '',
    table('the same with CloudWatch', result.alternatives),
    '',
    table('in the customers’ accounts', result.customer),
    '',
    `List prices of ${pricesDate} without free tiers; work as counted on ${measuredCounts.date} by "${measuredCounts.command}", with ${result.functions} warm`,
    `functions. Taken, not counted: ${ASSUMED.databaseMs} ms for a call of DynamoDB, ${ASSUMED.customerMs} ms for one of ECS, ${ASSUMED.decisionsADay} decisions a day and service.`,
    '',
  ].join('\n');
}

const money = (usd: number) => usd.toFixed(2).padStart(11);
