import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Clock, Instant } from '../clock.ts';
import { jsonAnswer } from '../http/function-url.ts';

/** Tick comes each minute: after this long without a good one nothing is decided here any more. */
const SILENT_MS = 5 * 60_000;

export interface Health {
  succeeded(round: string): void;
  failed(round: string, why: string): void;
  /** From here on load balancers are to send nothing more. */
  drain(): void;
  /** Answers `/health` (is it fit for work) and `/health/live` (does it answer at all). */
  handler(event: LambdaFunctionURLEvent): Promise<unknown>;
}

export function createHealth(clock: Clock, watched: ReadonlySet<string>): Health {
  const startedAt = clock.now();
  const good = new Map<string, Instant>();
  const trouble = new Map<string, string>();
  let draining = false;

  const problem = (): { code: string; why: string } | undefined => {
    if (draining) return { code: 'Draining', why: 'It was told to end and takes nothing new.' };
    if (!watched.has('tick')) return undefined;
    const silent = clock.now() - (good.get('tick') ?? startedAt);
    if (silent < SILENT_MS) return undefined;
    return {
      code: 'TickSilent',
      why: `No tick has succeeded for ${Math.round(silent / 1_000)} s${trouble.has('tick') ? `: ${trouble.get('tick')}` : ''}.`,
    };
  };

  return {
    succeeded: (round) => {
      good.set(round, clock.now());
      trouble.delete(round);
    },
    failed: (round, why) => void trouble.set(round, why),
    drain: () => {
      draining = true;
    },
    async handler({ rawPath }) {
      if (rawPath === '/live') return jsonAnswer(200, { status: 'live' });
      if (rawPath !== '/') return jsonAnswer(404, { code: 'NotFound', why: 'There are /health and /health/live.' });
      const wrong = problem();
      const rounds = Object.fromEntries([...good].map(([round, at]) => [round, new Date(at).toISOString()]));
      return wrong ? jsonAnswer(503, { status: 'unfit', ...wrong, rounds }) : jsonAnswer(200, { status: 'ok', rounds });
    },
  };
}
