import type { Instant } from '../clock.ts';
import { type Digest, stepOfAge, type WebStep } from './digest.ts';
import type { DropCounts, DropReason } from './drop-reason.ts';
import { OtherSamples } from './other-samples.ts';
import type { RawReport } from './parse-report.ts';
import { isOfRequest, isRequestSample, type Span } from './request-sample.ts';
import { StepSum } from './step-sum.ts';

const MAX_AGE_MS = 5 * 60_000;
const MAX_AHEAD_MS = 5_000;

export interface DigestedReport {
  readonly digest: Digest;
  /** `accepted`, `ignored` and all of `dropped` add up to the number of samples. */
  readonly accepted: number;
  /** Samples of metrics that Sluice does not know. */
  readonly ignored: number;
  readonly dropped: DropCounts;
}

/**
 * Boils a report down to its digest. What is garbled, absurd for its kind or dated outside of
 * −5 min … +5 s of `now` is dropped and counted by reason, so that one sender's broken clock or header can
 * neither move its own service nor anybody else's. The order of the samples does not matter.
 */
export function digestReport({ metrics }: RawReport, now: Instant): DigestedReport {
  const span = { oldest: (now - MAX_AGE_MS) / 1000, newest: (now + MAX_AHEAD_MS) / 1000 };
  const requests = new StepSum(0);
  const rest = new OtherSamples(span);
  let oldestRequest = Number.POSITIVE_INFINITY;
  let latest = 0;
  let accepted = 0;
  let ignored = 0;
  let refusedRequests = false;
  const dropped: { [reason in DropReason]?: number } = {};

  // Nearly every sample is that of a request: these are told first, by the fewest questions.
  for (let i = 0; i < metrics.length; i++) {
    const sample = metrics[i];
    let time: number;
    if (isRequestSample(sample, span)) {
      time = sample[0];
      requests.add(sample[2], sample[1]);
      if (time < oldestRequest) oldestRequest = time;
    } else {
      const result = rest.take(sample);
      if (typeof result !== 'number') {
        if (result === 'Ignored') ignored++;
        else {
          dropped[result] = (dropped[result] ?? 0) + 1;
          refusedRequests ||= isOfRequest(sample);
        }
        continue;
      }
      time = result;
    }
    accepted++;
    if (time > latest) latest = time;
  }

  const { utilization, queues } = rest;
  const oneStep = requests.empty || stepOfAge((latest - oldestRequest) * 1000) === 0;
  const digest: Digest = {
    base: accepted > 0 ? Math.round(latest * 1000) : now,
    // Requests there were, and nothing is known of them: it is no report of no load.
    continued: refusedRequests && requests.empty && accepted > 0,
    ...(utilization ? { utilization } : {}),
    web: !oneStep ? bySteps(metrics, span, latest) : requests.empty ? [] : [requests.toStep()],
    queues: queues.toMap(),
  };
  return { digest, accepted, ignored, dropped };
}

/** Only of a report that reaches back further than a step: its steps are known when its newest sample is. */
function bySteps(metrics: readonly unknown[], span: Span, latest: number): WebStep[] {
  const sums: (StepSum | undefined)[] = [];
  for (let i = 0; i < metrics.length; i++) {
    const sample = metrics[i];
    if (!isRequestSample(sample, span)) continue;
    const step = stepOfAge((latest - sample[0]) * 1000);
    let sum = sums[step];
    if (sum === undefined) {
      sum = new StepSum(step);
      sums[step] = sum;
    }
    sum.add(sample[2], sample[1]);
  }
  return sums.flatMap((sum) => (sum ? [sum.toStep()] : []));
}
