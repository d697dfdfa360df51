import { performance } from 'node:perf_hooks';
import { digestReport } from '../lib/reports/digest-report.ts';
import { packDigest } from '../lib/reports/pack-digest.ts';
import { parseReport } from '../lib/reports/parse-report.ts';
import { bodyHash, reporterId } from '../lib/reports/report-identity.ts';

export interface IngestCpu {
  readonly samples: number;
  /** Median over interleaved runs of the time of both, µs. */
  readonly parseMicros: number;
  readonly ingestMicros: number;
  /** Median over pairs of runs, one of each right after the other. */
  readonly ratio: number;
}

/**
 * CPU that one report costs at ingest (decode, validate, digest, hash, pack; the store's client apart),
 * beside `JSON.parse` of the same body alone.
 */
export function ingestCpu(sizes: readonly number[] = [100, 10_000, 40_000], runs = 60): IngestCpu[] {
  return sizes.map((samples) => measure(samples, runs));
}

function measure(samples: number, runs: number): IngestCpu {
  const now = 1_795_304_690_000;
  const body = webReport(samples, now);
  // A body comes off the wire anew each time: a string that was seen before could have its hash cached.
  const bytes = Buffer.from(body);
  const repeat = Math.max(1, Math.round(2_000 / samples));
  const parses: number[] = [];
  const ingests: number[] = [];
  const ratios: number[] = [];
  for (let run = -10; run < runs; run++) {
    const parse = timed(repeat, bytes, (text) => JSON.parse(text));
    const ingest = timed(repeat, bytes, (text) => ingestOnce(text, now));
    if (run < 0) continue;
    parses.push(parse);
    ingests.push(ingest);
    ratios.push(ingest / parse);
  }
  return { samples, parseMicros: median(parses), ingestMicros: median(ingests), ratio: median(ratios) };
}

function ingestOnce(body: string, now: number) {
  const parsed = parseReport(body);
  if (!parsed.ok) throw new Error(parsed.problem.why);
  const { digest } = digestReport(parsed.report, now);
  return [packDigest(digest), bodyHash(body, digest), reporterId('web', parsed.report.container, parsed.report.pid)];
}

function timed(repeat: number, bytes: Buffer, work: (text: string) => unknown): number {
  const texts = Array.from({ length: repeat }, () => bytes.toString());
  const start = performance.now();
  for (const text of texts) work(text);
  return ((performance.now() - start) * 1_000) / repeat;
}

/** Two samples a request, as the Node, Ruby and Python adapters send them, over the ten seconds before `now`. */
function webReport(samples: number, now: number): string {
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const metrics: unknown[] = [];
  for (let i = 0; metrics.length < samples - 1; i++) {
    const time = Math.floor(now / 1000 - 10 + (10 * i * 2) / samples);
    metrics.push([time, Math.floor(Math.exp(random() * 6)), 'at', null], [time, Math.floor(random() * random() * 300), 'qt', null]);
  }
  metrics.push([now / 1000, 71, 'up', null]);
  return JSON.stringify({ container: 'a8880ee042bc4db3ba878dce65b769b6-2750272591', pid: 17, adapters: {}, config: {}, metrics });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
