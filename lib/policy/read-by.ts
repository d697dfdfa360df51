import type { By, Target } from './policy.ts';
import { readWord } from './read-value.ts';
import type { Place, Review } from './review.ts';

type Kind = Target['kind'];

const words = ['auto', 'range', 'per-task', 'drain'] as const;

/** What a target cannot be scaled by, why, and what would be right. What is not here is served as it is written. */
const refused: Record<Kind, Partial<Record<By, string>>> = {
  'request-queue-time': {
    'per-task':
      'a queue time is not shared among tasks, so no count follows from it that way: write `by: drain` or `by: range`, or leave `by` out',
  },
  'response-time': {
    'per-task': 'a response time is not shared among tasks, so no count follows from it that way: write `by: range`, or leave `by` out',
    drain:
      'a slow answer may come from anywhere, not only from a queue that more tasks drain: write `by: range`, or a target of `request-queue-time`',
  },
  'job-latency': {
    'per-task':
      'a latency is not shared among tasks: write `by: drain` or `by: range`, or a target of `job-depth`, which has a `per-task` of its own',
  },
  'job-depth': {
    drain: 'drain sizes for a time to wait, and a depth names none: write `by: per-task` or `by: range`, or a target of `job-latency`',
  },
  utilization: {
    drain: 'drain sizes for a time to wait, and a utilization names none: write `by: per-task` (running × value ÷ target) or `by: range`',
  },
  metric: {
    drain: 'drain needs arrivals and service times, which a collected number does not tell: write `by: per-task` or `by: range`',
  },
};

/** The ways that a kind of target can be scaled by: what the JSON Schema and the docs have to agree with. */
export const waysOf = (kind: Kind): readonly By[] => words.filter((by) => refused[kind][by] === undefined);

/** `by` beside a target of that kind. One that the target cannot be scaled by is refused, not replaced by another. */
export function readBy(place: Place, kind: Kind, review: Review): By | undefined {
  const by = readWord(place, review, words);
  if (by === undefined) return undefined;
  if (by !== 'auto') review.needs(by, place);
  const why = refused[kind][by];
  return why === undefined ? by : review.problem(place, 'conflict', why);
}

/** Sized by queueing theory, so that what one task serves at once matters. */
export const isSized = ({ kind, by }: Pick<Target, 'kind' | 'by'>): boolean =>
  (kind === 'request-queue-time' || kind === 'job-latency') && by !== 'range';

/** Goes in steps, or falls back to them while an estimate is missing. */
export const goesInSteps = (target: Target): boolean =>
  target.by === 'range' ||
  target.kind === 'request-queue-time' ||
  target.kind === 'response-time' ||
  target.kind === 'job-latency' ||
  (target.kind === 'metric' && target.perTask === undefined && target.by === 'auto');

/** What stands beside a target and has no effect on it: allowed, since it harms nobody, and hardly meant. */
export function warnOfNoEffect(
  targets: readonly Target[],
  { concurrency, step }: { readonly concurrency: Place | undefined; readonly step: Place | undefined },
  review: Review,
): void {
  if (targets.length === 0) return;
  if (concurrency && !targets.some(isSized))
    review.warning(concurrency, 'has no effect here: it is for `by: drain`, which this target is not scaled by');
  if (step && !targets.some(goesInSteps)) review.warning(step, 'has no effect here: only `by: range` goes in steps');
}
