import type { Instant } from '../clock.ts';
import type { Reading, TargetSignals } from '../decide/observation.ts';
import { sourcePeriodSeconds } from '../policy/metric-source.ts';
import type { MetricTarget, Policy } from '../policy/policy.ts';
import type { CollectedReading, MissCode } from '../reports/collected.ts';
import type { Digest } from '../reports/digest.ts';
import { metricKey } from './metric-key.ts';
import { metricLabel } from './metric-label.ts';
import type { ObservedReport } from './observed-report.ts';
import { known, spokenDuration, unknown } from './reading.ts';

const RECENT_MS = 10_000;
/** How many periods of its source a number stays usable: one may be missed. */
const USABLE_PERIODS = 2.5;
/** CloudWatch shows a datapoint up to about two minutes after the end of its period. */
const DELIVERY_MS = 120_000;

/**
 * How long a number of this target can be gone by, ms: what the policy says, but at least 2.5 periods of its source. A datapoint of
 * CloudWatch is one period, one round of collecting and its delivery old before the next one can be there.
 */
export function metricFreshMs({ source, everySeconds }: MetricTarget, staleAfterMs: number): number {
  const period = Math.max(everySeconds, sourcePeriodSeconds(source)) * 1_000;
  const delivered = sourcePeriodSeconds(source) === 0 ? 0 : period + everySeconds * 1_000 + DELIVERY_MS;
  return Math.max(staleAfterMs, USABLE_PERIODS * period, delivered);
}

/**
 * The signals of a target on a metric, from what was collected for the service. The newest attempt counts: one that failed leaves
 * the reading unknown, never 0 and never what was before.
 */
export function metricSignals(
  target: MetricTarget,
  service: string,
  reports: readonly ObservedReport[],
  staleAfterMs: number,
  now: Instant,
): TargetSignals {
  const key = metricKey(service, target.source);
  const freshForMs = metricFreshMs(target, staleAfterMs);
  const found = newestOf(key, reports, now);
  const reading = readingOf(found, freshForMs, now);
  const busy = found?.kind === 'known' && reading.kind === 'known' ? found.busy : undefined;
  return {
    reading,
    recent:
      reading.kind === 'unknown' || now - reading.at <= RECENT_MS
        ? reading
        : unknown(`the newest value is ${spokenDuration(now - reading.at)} old`),
    label: metricLabel(target.source),
    samples: reading.kind === 'known' ? 1 : 0,
    busy:
      busy === undefined || reading.kind === 'unknown'
        ? unknown('the metric does not say what is being worked on')
        : known(busy, reading.at),
    freshForMs,
    series: [],
  };
}

/** Whether what was just collected asks for more tasks of the service: a needless evaluation costs one read. */
export function metricBreached(service: { readonly name: string; readonly policy: Policy }, { collected }: Digest): boolean {
  if (!collected) return false;
  return service.policy.targets.some((target) => {
    if (target.kind !== 'metric') return false;
    const found = collected.get(metricKey(service.name, target.source));
    if (found?.kind !== 'known') return false;
    if (target.perTask !== undefined) return found.value > target.perTask || (service.policy.min === 0 && found.value > 0);
    return found.value > (target.target ?? Number.POSITIVE_INFINITY);
  });
}

interface Found {
  readonly base: Instant;
  readonly reading: CollectedReading;
}

function newestOf(key: string, reports: readonly ObservedReport[], now: Instant): CollectedReading | undefined {
  let newest: Found | undefined;
  for (const { digest } of reports) {
    const reading = digest.collected?.get(key);
    if (!reading || (newest && newest.base > digest.base)) continue;
    // Of two attempts at one instant the one that failed counts: unknown is the safe one.
    if (newest && newest.base === digest.base && newest.reading.kind === 'missing') continue;
    newest = { base: digest.base, reading };
  }
  if (newest?.reading.kind === 'known' && newest.reading.at > now) return { ...newest.reading, at: now };
  return newest?.reading;
}

function readingOf(found: CollectedReading | undefined, freshForMs: number, now: Instant): Reading {
  if (!found) return unknown('nothing was collected in the last minutes');
  if (found.kind === 'missing') return unknown(MISSING[found.code]);
  const age = now - found.at;
  if (age > freshForMs)
    return unknown(`the newest value is ${spokenDuration(age)} old, and older than ${spokenDuration(freshForMs)} counts as unknown`);
  return known(found.value, found.at);
}

const MISSING: Readonly<Record<MissCode, string>> = {
  denied: "AWS refused to tell (AccessDenied): the customer's role lacks the permission, or its queues template does not list the queue",
  throttled: 'AWS throttled the call',
  'no-datapoint': 'CloudWatch has no recent datapoint of it, and none is not 0',
  partial: 'CloudWatch answered only in part',
  unavailable: 'AWS could not be reached, or answered with a failure of its own',
  'not-found': 'AWS knows no such queue',
  'not-connected': 'its AWS account is not connected for this customer',
  invalid: 'AWS took the question for invalid',
};
