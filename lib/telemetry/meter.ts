import type { Instant } from '../clock.ts';

/** CloudWatch's namespace of all figures. */
const NAMESPACE = 'Sluice';
/** Counts that nobody waits for are written this often by a warm function, not with each report. */
const WRITE_EVERY_MS = 60_000;
/** CloudWatch takes at most so many values of one metric in a line. */
const MOST_VALUES = 100;

type Dimensions = Readonly<Record<string, string>>;

export interface Meter {
  /** Adds to a count. `soon`: written at the end of this invocation; otherwise within a minute, if the function stays warm. */
  count(name: string, by: number, dimensions?: Dimensions, soon?: boolean): void;
  /** One measured time, in ms. */
  time(name: string, ms: number): void;
  /** The lines that are due, each one JSON object; what they hold is forgotten here. */
  lines(now: Instant): string[];
}

interface Figure {
  readonly unit: 'Count' | 'Milliseconds';
  readonly values: number[];
}

/**
 * Sums up figures and writes them in CloudWatch's embedded metric format, one line for each set of dimensions:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * Every set begins with the stage and none names a customer or a service: a metric is 0.30 $ a month for each set. A line for
 * each report would cost more than a quarter of what reports cost in all, so that frequent counts wait; a function that ends before its
 * minute is over takes at most that minute's with it.
 */
export function createMeter(stage: string): Meter {
  const sets = new Map<string, { readonly dimensions: Dimensions; readonly figures: Map<string, Figure> }>();
  let due: Instant | 'now' | undefined;
  let waits = false;

  const figure = (name: string, unit: Figure['unit'], dimensions: Dimensions): Figure => {
    const key = JSON.stringify(dimensions);
    const set = sets.get(key) ?? { dimensions, figures: new Map<string, Figure>() };
    sets.set(key, set);
    const found = set.figures.get(name) ?? { unit, values: [] };
    set.figures.set(name, found);
    return found;
  };

  return {
    count(name, by, dimensions = {}, soon = true) {
      if (by === 0) return;
      const { values } = figure(name, 'Count', dimensions);
      values[0] = (values[0] ?? 0) + by;
      if (soon) due = 'now';
      waits = true;
    },
    time(name, ms) {
      const { values } = figure(name, 'Milliseconds', {});
      if (values.length < MOST_VALUES) values.push(ms);
      due = 'now';
      waits = true;
    },
    lines(now) {
      if (!waits) return [];
      due ??= now + WRITE_EVERY_MS;
      if (due !== 'now' && now < due) return [];
      const lines = [...sets.values()].map(({ dimensions, figures }) => embedded({ Stage: stage, ...dimensions }, figures, now));
      sets.clear();
      due = undefined;
      waits = false;
      return lines;
    },
  };
}

function embedded(dimensions: Dimensions, figures: ReadonlyMap<string, Figure>, now: Instant): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [...figures].map(([Name, { unit }]) => ({ Name, Unit: unit })),
        },
      ],
    },
    type: 'metrics',
    ...dimensions,
    ...Object.fromEntries([...figures].map(([name, { unit, values }]) => [name, unit === 'Count' ? values[0] : values])),
  });
}
