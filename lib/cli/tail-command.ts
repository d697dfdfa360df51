import { Command } from 'commander';
import { decisionsAnswer, readAnswer, servicesAnswer } from './admin-answers.ts';
import { type AdminClient, AdminFailure } from './admin-client.ts';
import { adminFor, type TalkOptions, talking } from './context.ts';
import { type FoundService, findService } from './find-service.ts';
import { iso } from './iso.ts';
import { durationOption } from './options.ts';
import type { Terminal } from './terminal.ts';

interface TailOptions extends TalkOptions {
  readonly customer?: string;
  readonly for?: number;
  readonly since?: number;
}

const POLL_MS = 2_000;
/** An outcome comes seconds after its decision, at most a minute: decisions are asked for this far back. */
const OUTCOME_MS = 90_000;
const MOST = '200';

/** `sluice tail [SERVICE]`: decisions and what became of them, as they happen. */
export function tailCommand(terminal: Terminal): Command {
  return talking(
    new Command('tail').description(
      'follow decisions and outcomes as they happen, until Ctrl-C; with --json one object a line, as the local run prints them',
    ),
  )
    .argument('[service]', 'name of the service, or customer/name; default: all')
    .option('--customer <name>', 'only services of this customer')
    .option('--since <duration>', 'begin with those of the last 10m, 2h, …', durationOption)
    .option('--for <duration>', 'end after 60s, 5m, …', durationOption)
    .action(async (name: string | undefined, options: TailOptions) => {
      // From the beginning: Ctrl-C is how this ends, and never a failure.
      const interrupted = terminal.interrupted?.();
      const { client } = adminFor(options, terminal);
      const only = name === undefined ? undefined : await findService(client, name, options.customer);
      const sleep = terminal.sleep ?? ((ms: number) => waiting(ms, interrupted));
      const begun = terminal.now();
      const follow = follower(client, only, options.customer, begun - (options.since ?? 0));
      let failures = 0;
      for (;;) {
        try {
          for (const line of await follow()) terminal.stdout.write(`${options.json ? JSON.stringify(line.json) : line.text}\n`);
          failures = 0;
        } catch (error) {
          // A request that failed once is not the end of watching; an API that is gone is.
          failures += 1;
          if (!(error instanceof AdminFailure) || failures >= 3) throw error;
          terminal.stderr.write(`${error.message}\n`);
        }
        if (interrupted?.aborted || (options.for !== undefined && terminal.now() - begun >= options.for)) return;
        await sleep(POLL_MS);
        if (interrupted?.aborted) return;
      }
    });
}

function waiting(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Line {
  readonly at: number;
  readonly text: string;
  readonly json: object;
}

/** What is new each time it is called, oldest first. */
function follower(client: AdminClient, only: FoundService | undefined, customer: string | undefined, since: number): () => Promise<Line[]> {
  const told = new Set<string>();
  /** What was last seen of each service: only where that moved on is its history asked for. */
  const last = new Map<string, string>();
  const once = (key: string, make: () => Line): Line[] => {
    if (told.has(key)) return [];
    told.add(key);
    return [make()];
  };
  const moved = async (): Promise<FoundService[]> => {
    if (only !== undefined) return [only];
    const { services } = readAnswer(servicesAnswer, await client.get('/v1/services', { customer }));
    return services.flatMap((service) => {
      const key = `${service.customer}/${service.name}`;
      const state = `${service.lastDecision?.code} ${service.lastDecision?.at} ${service.lastOutcome?.at}`;
      if (last.get(key) === state) return [];
      last.set(key, state);
      return [{ customer: service.customer, service: service.name }];
    });
  };
  return async () => {
    const lines: Line[] = [];
    for (const about of await moved()) {
      const asked = { ...about, since: String(since - OUTCOME_MS), limit: MOST };
      const { decisions } = readAnswer(decisionsAnswer, await client.get('/v1/decisions', asked));
      const name = only === undefined && customer === undefined ? `${about.customer}/${about.service}` : about.service;
      for (const { decision, outcome } of decisions) {
        if (decision.at >= since) {
          const { at, lastAt: _last, times: _times, ...said } = decision;
          lines.push(
            ...once(decision.id, () => ({
              at,
              text: `${iso(at)}  ${name}  ${decision.kind === 'scale' ? ((decision.to ?? 0) > (decision.from ?? 0) ? '▲ ' : '▼ ') : ''}${decision.why}`,
              json: {
                type: 'decision',
                ...said,
                ...about,
                at: iso(at),
                ...(typeof said['until'] === 'number' ? { until: iso(said['until']) } : {}),
              },
            })),
          );
        }
        if (outcome !== undefined && outcome.at >= since) {
          const { at, ...became } = outcome;
          lines.push(
            ...once(`${decision.id} outcome`, () => ({
              at,
              text: `${iso(at)}  ${name}    ${outcome.outcome}: ${outcome.why}`,
              json: { type: 'outcome', decision: decision.id, ...about, ...became, at: iso(at) },
            })),
          );
        }
      }
    }
    return lines.sort((a, b) => a.at - b.at);
  };
}
