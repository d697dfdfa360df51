import { Command, Option } from 'commander';
import { decisionsAnswer, readAnswer } from './admin-answers.ts';
import type { AdminClient } from './admin-client.ts';
import { drawChart, type Mark, spoken } from './chart/draw-chart.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { iso } from './iso.ts';
import { withCheck } from './mistakes.ts';
import { chartAnswer, type Status, statusAnswer } from './operate-answers.ts';
import { countOption, durationOption } from './options.ts';
import { withProgress } from './progress.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface StatusOptions extends TalkOptions {
  readonly customer?: string;
  readonly since: number;
  readonly target: number;
}

const HOUR = 3_600_000;
const LONGEST_MS = 48 * HOUR;
const USUAL_WIDTH = 100;

/** `sluice status`: one line for each service; `sluice status SERVICE`: its last hours as a picture. */
export function statusCommand(terminal: Terminal): Command {
  return withCheck<StatusOptions>(
    talking(
      new Command('status').description(
        'one line for each service; of one service, its last hours: reading against target, tasks between floor and cap, decisions as marks',
      ),
    ),
    ({ since }) => (since > LONGEST_MS ? ['--since goes back 48h at most.'] : []),
  )
    .argument('[service]', 'name of the service, or customer/name')
    .option('--customer <name>', 'only those of this customer')
    .addOption(
      new Option('--since <duration>', 'how far back the picture goes, at most 48h').argParser(durationOption).default(3 * HOUR, '3h'),
    )
    .option('--target <number>', 'which of its targets is drawn, counting from 1', countOption, 1)
    .action(async (name: string | undefined, options: StatusOptions) => {
      const { client } = adminFor(options, terminal);
      if (name === undefined) return statusOfAll(terminal, client, options);
      await statusOfOne(terminal, client, name, options);
    });
}

async function statusOfAll(terminal: Terminal, client: AdminClient, options: StatusOptions): Promise<void> {
  const { services } = readAnswer(
    statusAnswer,
    await withProgress(terminal, 'Reading the state of all services', () => client.get('/v1/status', { customer: options.customer })),
  );
  const sorted = services.toSorted((a, b) => a.customer.localeCompare(b.customer) || a.name.localeCompare(b.name));
  const json = sorted.map((s) => ({
    ...s,
    seenAt: iso(s.seenAt),
    at: iso(s.at),
    lastDecision: s.lastDecision && { ...s.lastDecision, at: iso(s.lastDecision.at) },
    lastOutcome: s.lastOutcome && { ...s.lastOutcome, at: iso(s.lastOutcome.at) },
  }));
  const several = new Set(sorted.map(({ customer }) => customer)).size > 1;
  const rows = sorted.map((s) => [
    several ? `${s.customer}/${s.name}` : s.name,
    `${s.mode}${s.paused ? `, ${waysOf(s.paused)} paused` : ''}`,
    `${s.running ?? '?'}/${s.desired ?? '?'}`,
    `${s.floor ?? s.min}..${s.cap ?? s.max}`,
    s.readings.map(readingText).join(', '),
    s.problem ? `${s.problem.code}: ${s.problem.why}` : (s.lastDecision?.why ?? 'nothing decided yet'),
  ]);
  const text =
    rows.length === 0
      ? 'No services yet: apply a policy file.'
      : tableText(['SERVICE', 'MODE', 'TASKS', 'BOUNDS', 'READINGS', 'NOW'], rows);
  answer(terminal, options, { services: json }, text);
}

const waysOf = (way: { readonly in: boolean; readonly out: boolean }) => (way.in === way.out ? 'in and out' : way.in ? 'in' : 'out');

function readingText({ target, value, unit, objective, perTask }: Status['readings'][number]): string {
  const wanted = `${spoken(objective, unit)}${perTask ? ' a task' : ''}`;
  return `${target} ${value === null ? '?' : spoken(value, unit)}/${wanted}`;
}

async function statusOfOne(terminal: Terminal, client: AdminClient, name: string, options: StatusOptions): Promise<void> {
  const { customer, service } = await findService(client, name, options.customer);
  const now = terminal.now();
  const since = String(now - options.since);
  const [chart, { decisions }] = await Promise.all([
    client.get('/v1/points', { customer, service, since }).then((given) => readAnswer(chartAnswer, given)),
    client.get('/v1/decisions', { customer, service, since, limit: '1000' }).then((given) => readAnswer(decisionsAnswer, given)),
  ]);
  if (options.target > chart.targets.length)
    throw new UserMistake([`${service} has ${chart.targets.length} targets: --target 1 to ${chart.targets.length}.`]);
  const scaled = decisions.filter(({ decision }) => decision.kind === 'scale');
  const marks = scaled.map(({ decision, outcome }): Mark => {
    const trouble = outcome?.outcome === 'refused' || outcome?.outcome === 'failed';
    return { at: decision.at, kind: trouble ? 'trouble' : (decision.to ?? 0) > (decision.from ?? 0) ? 'out' : 'in' };
  });
  const picture = drawChart(chart, marks, {
    from: now - options.since,
    to: now,
    width: Math.min(terminal.stdout.columns ?? USUAL_WIDTH, 200),
    target: options.target - 1,
  });
  const newest = decisions[0];
  const counts = `${scaled.length === 1 ? 'once' : `${scaled.length} times`} scaled: ▲ out, ▼ in, ✗ refused or failed`;
  const text = [
    `${service} of ${customer}`,
    '',
    chart.points.length === 0 ? 'No point was kept yet: a minute after its first report there is one.' : picture,
    '',
    counts,
    ...(newest === undefined ? [] : [`${iso(newest.decision.at)}  ${newest.decision.why}`]),
    `sluice explain ${service} says why.`,
  ];
  const json = {
    ...chart,
    points: chart.points.map((point) => ({ ...point, at: iso(point.at) })),
    decisions: scaled.map(({ decision, outcome }) => ({
      id: decision.id,
      at: iso(decision.at),
      from: decision.from,
      to: decision.to,
      code: decision.code,
      outcome: outcome?.outcome ?? null,
    })),
  };
  answer(terminal, options, json, text.join('\n'));
}
