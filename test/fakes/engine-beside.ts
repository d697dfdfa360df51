import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { createIngest } from '../../lib/ingest/create-ingest.ts';
import type { Journal } from '../../lib/journal.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import { createScale } from '../../lib/scale/create-scale.ts';
import { createEngine, PARTS, type PartName, roundsOf } from '../../lib/serve/engine.ts';
import { goRound } from '../../lib/serve/rounds.ts';
import type { OutcomeRecord } from '../../lib/stores/records.ts';
import { createTelemetry } from '../../lib/telemetry/telemetry.ts';
import { createTick } from '../../lib/tick/create-tick.ts';
import { functionUrlEvent, seededRandom, type wholeSystem } from './whole-system.ts';

/** One `sluice serve` on the table and the AWS of a whole system, under its clock. */
export function engineBeside(
  system: ReturnType<typeof wholeSystem>,
  instance: string,
  parts: readonly PartName[] = PARTS,
  reportsUrl: () => string | undefined = () => undefined,
) {
  const { clock } = system;
  const lines: Record<string, unknown>[] = [];
  const failures: unknown[] = [];
  const engine = createEngine({
    table: system.table,
    clock,
    random: seededRandom(instance.charCodeAt(instance.length - 1)),
    telemetry: (name) =>
      createTelemetry({ name, stage: 'test', deployment: 'test', clock, write: (line) => void lines.push(JSON.parse(line)) }),
    customerAws: system.aws,
    accountAws: system.accountAws,
    metricsAws: system.metricsAws,
    operatorAccountId: '000000000000',
    region: 'us-east-1',
    stage: 'test',
    historyDays: 30,
    changeDays: 400,
    dueShards: 1,
    instance,
    adminCaller: 'loopback',
    reportsUrl,
  });
  const ending = new AbortController();
  const going = roundsOf(engine, new Set(parts), () => 0.5).map((round) =>
    goRound(clock, round, ending.signal, (error) => failures.push(error)),
  );
  const context = () => lambdaContext('test', 'test', 30_000, () => clock.now());
  const call = async (handler: typeof engine.ingest, event: LambdaFunctionURLEvent) => {
    const answer = await handler(event, context());
    if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) throw new Error('a status is needed');
    return { status: Number(answer.statusCode), body: 'body' in answer ? JSON.parse(String(answer.body)) : undefined };
  };
  return {
    engine,
    /** Log lines, parsed. */
    lines,
    failures,
    report: async (token: string, body: unknown) =>
      (await call(engine.ingest, functionUrlEvent('POST', `/${token}/v3/reports`, JSON.stringify(body), {}))).status,
    api: (method: string, path: string, body: unknown = {}) => call(engine.admin, functionUrlEvent(method, path, JSON.stringify(body), {})),
    /** As SIGTERM does: no further round, and what is under way comes to its end. */
    async drain() {
      ending.abort();
      await Promise.all(going);
      await engine.idle();
    },
  };
}

/**
 * The functions on the same table, each invocation with time of its own: a stream that hands every record to `scale` twice, and a
 * tick each minute.
 */
export function functionsBeside(system: ReturnType<typeof wholeSystem>) {
  const { clock } = system;
  const outcomes: OutcomeRecord[] = [];
  const journal: Journal = {
    decision: () => undefined,
    outcome: (_, outcome) => void outcomes.push(outcome),
    problem: () => undefined,
    warn: () => undefined,
  };
  const base = { table: system.table, clock, random: seededRandom(7), journal, historyDays: 30, dueShards: 1, customerAws: system.aws };
  const context = () => lambdaContext('test', 'test', 300_000, () => clock.now());
  const scale = createScale(base);
  const ingest = createIngest(base);
  const tick = createTick({ ...base, fanOut: async () => undefined });
  const ending = new AbortController();
  const until = async (ms: number, work: () => Promise<unknown>) => {
    while (!ending.signal.aborted) {
      await clock.sleep(ms, ending.signal);
      await work();
    }
  };
  const going = [
    until(80, async () => {
      const records = system.stream.splice(0);
      if (records.length === 0) return;
      await scale({ Records: records }, context());
      await scale({ Records: records }, context());
    }),
    until(60_000, () => tick({}, context())),
  ];
  return {
    outcomes,
    report: async (token: string, body: unknown) => {
      const answer = await ingest(functionUrlEvent('POST', `/${token}/v3/reports`, JSON.stringify(body), {}), context());
      return typeof answer === 'object' ? answer.statusCode : undefined;
    },
    async drain() {
      ending.abort();
      await Promise.all(going);
    },
  };
}
