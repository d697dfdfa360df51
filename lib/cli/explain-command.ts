import { Command } from 'commander';
import { readAnswer } from './admin-answers.ts';
import { spoken } from './chart/draw-chart.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { findService } from './find-service.ts';
import { iso } from './iso.ts';
import { type Explained, explainAnswer } from './operate-answers.ts';
import type { Terminal } from './terminal.ts';

/** `sluice explain SERVICE`: why it has scaled, or has not, decided anew at this moment; changes nothing. */
export function explainCommand(terminal: Terminal): Command {
  return talking(
    new Command('explain').description(
      'why a service has scaled, or has not: what every rule says now, what it waits for, what it reads, and what would change it',
    ),
  )
    .argument('<service>', 'name of the service, or customer/name')
    .option('--customer <name>', 'the customer that the service belongs to')
    .action(async (name: string, options: TalkOptions & { readonly customer?: string }) => {
      const { client } = adminFor(options, terminal);
      const { customer, service } = await findService(client, name, options.customer);
      const explained = readAnswer(explainAnswer, await client.get('/v1/explain', { customer, service }));
      answer(terminal, options, explainedJson(explained), explainedText(explained));
    });
}

function explainedText(e: Explained): string {
  const { now, state, bounds } = e;
  const tasks =
    state.kind === 'known'
      ? `${state.running} running, ${state.desired} wanted${state.pending > 0 ? `, ${state.pending} starting` : ''}${state.deployment === 'none' ? '' : `, deployment ${state.deployment}`} (seen ${iso(state.at)})`
      : `not known: ${state.why}`;
  const until = now.until === undefined ? [] : [`  until     ${iso(now.until)}`];
  const would = now.would === undefined ? [] : [`  would     go to ${now.would}`];
  return [
    `${e.service} of ${e.customer}: ${now.kind === 'scale' ? `about to scale from ${now.from} to ${now.to}` : `holding at ${now.to ?? '?'}`}`,
    `  ${now.why}`,
    '',
    `  code      ${now.code}: ${now.meaning}`,
    ...until,
    ...would,
    `  mode      ${e.mode}${e.tags.mode === undefined ? '' : ' (by the tag sluice:mode)'}`,
    `  tasks     ${tasks}`,
    `  bounds    ${bounds.floor} (${bounds.floorWhy}) to ${bounds.cap} (${bounds.capWhy})${bounds.until === null ? '' : `, next change ${iso(bounds.until)}`}`,
    ...e.overrides.map(
      ({ name, min, max, until: ends }) =>
        `  override  "${name}"${min === undefined ? '' : `, min ${min}`}${max === undefined ? '' : `, max ${max}`}, until ${iso(ends)}`,
    ),
    ...e.pauses.map(
      (pause) =>
        `  paused    ${[pause.in ? 'in' : '', pause.out ? 'out' : ''].filter((way) => way !== '').join(' and ')}: ${pause.why}${pause.until === undefined ? '' : `, until ${iso(pause.until)}`}`,
    ),
    ...(e.inFlight === null ? [] : [`  on its way  to ${e.inFlight.to} (decision ${e.inFlight.decision})`]),
    `  reports   ${e.lastReportAt === null ? 'none in the last minutes' : `newest ${iso(e.lastReportAt)}`}`,
    ...e.problems.map(({ code, why }) => `  PROBLEM   ${code}: ${why}`),
    '',
    'Readings',
    ...e.readings.map((reading) => `  ${readingText(reading)}`),
    '',
    'Every rule, in its order',
    ...now.trail.map((step) => `  ${step.rule.padEnd(10)} ${step.why}${step.value === null ? '' : ` → ${step.value}`}`),
    '',
    'What would change it',
    ...e.wouldChange.map((sentence) => `  ${sentence}`),
    '',
    ...lastText(e),
  ].join('\n');
}

function readingText({ label, value, why, unit, objective, low, perTask }: Explained['readings'][number]): string {
  const wanted = perTask
    ? `${spoken(objective, unit)} a task`
    : `${low === null ? '' : `${spoken(low, unit)} to `}${spoken(objective, unit)}`;
  return value === null
    ? `${label}: not known, ${why ?? 'nothing was reported'} (wanted ${wanted})`
    : `${label}: ${spoken(value, unit)} (wanted ${wanted})`;
}

function lastText({ lastScale, lastOutcome }: Explained): string[] {
  if (lastScale === null) return ['It was never scaled yet, as far as history goes back.'];
  const { decision, outcome } = lastScale;
  const became = outcome ?? lastOutcome ?? undefined;
  return [`Last scaled ${iso(decision.at)}: ${decision.why}`, ...(became === undefined ? [] : [`  ${became.outcome}: ${became.why}`])];
}

function explainedJson(e: Explained) {
  const ended = <T extends { readonly until?: number | undefined; readonly at: number }>(value: T) => ({
    ...value,
    at: iso(value.at),
    ...(value.until === undefined ? {} : { until: iso(value.until) }),
  });
  return {
    ...e,
    at: iso(e.at),
    state: e.state.kind === 'known' ? { ...e.state, at: iso(e.state.at) } : e.state,
    now: { ...e.now, ...(e.now.until === undefined ? {} : { until: iso(e.now.until) }) },
    bounds: { ...e.bounds, until: iso(e.bounds.until) },
    overrides: e.overrides.map((override) => ({ ...override, from: iso(override.from), until: iso(override.until) })),
    pauses: e.pauses.map(ended),
    lastReportAt: iso(e.lastReportAt),
    lastScale: e.lastScale && {
      decision: { ...e.lastScale.decision, at: iso(e.lastScale.decision.at), lastAt: undefined },
      ...(e.lastScale.outcome ? { outcome: { ...e.lastScale.outcome, at: iso(e.lastScale.outcome.at) } } : {}),
    },
    lastOutcome: e.lastOutcome && { ...e.lastOutcome, at: iso(e.lastOutcome.at) },
  };
}
