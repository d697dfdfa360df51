import { readFileSync } from 'node:fs';
import type { Instant } from '../../lib/clock.ts';
import { digestReport } from '../../lib/reports/digest-report.ts';
import { parseReport, type RawReport } from '../../lib/reports/parse-report.ts';
import { bodyHash, reporterId, slotAt } from '../../lib/reports/report-identity.ts';
import type { ObservedReport } from '../../lib/signals/observed-report.ts';

export type WireSample = readonly [time: number, value: number, identifier: string, queue?: string | null];

/** A request as an adapter sent it; see events/reports/README.md. */
export interface CapturedRequest {
  readonly receivedAt: Instant;
  readonly path: string;
  readonly body: string;
}

export const captured = (file: string): CapturedRequest => JSON.parse(readFileSync(`events/reports/${file}`, 'utf8'));
export const capturedAll = (file: string): CapturedRequest[] => [JSON.parse(readFileSync(`events/reports/${file}`, 'utf8'))].flat();

/** A body that must be a report. */
export function parsed(body: string): RawReport {
  const result = parseReport(body);
  if (!result.ok) throw new Error(result.problem.why);
  return result.report;
}

export const aRawReport = (metrics: readonly unknown[], overrides: Partial<RawReport> = {}): RawReport => ({
  container: 'c1',
  pid: '1',
  metrics,
  ...overrides,
});

/** What evaluation reads of one report that arrived at `now`. */
export function anObservedReport(service: string, samples: readonly WireSample[], now: Instant, process = '1'): ObservedReport {
  const { digest } = digestReport(aRawReport(samples, { pid: process }), now);
  return { service, reporter: reporterId(service, 'c1', process), slotAt: slotAt(digest), digest };
}

/** The key that a captured request is stored under when it arrives at `now`. */
export function storedUnder({ body, receivedAt }: CapturedRequest, now: Instant = receivedAt) {
  const report = parsed(body);
  const { digest } = digestReport(report, now);
  return { reporter: reporterId('web', report.container, report.pid), hash: bodyHash(body, digest), slotAt: slotAt(digest) };
}
