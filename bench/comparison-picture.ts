import type { Comparison } from '../lib/simulate/compare/comparison.ts';
import { figuresOf } from '../lib/simulate/compare/pairs.ts';
import { type ParetoPoint, paretoPicture } from '../lib/simulate/compare/pareto-picture.ts';
import { escaped } from '../lib/simulate/compare/plot.ts';

const PANEL = { width: 560, height: 360, head: 28 };
const COLUMNS = 2;
const LEGEND_LINE = 20;

/** Colours that can be read on white and on black paper alike: the picture brings its own paper. */
const STYLE = `text{font:12px system-ui,sans-serif;fill:#555}.head{font-size:15px;font-weight:700;fill:#222}
.dot text{fill:#fff;font-size:11px;font-weight:700}.dot circle{stroke:#fff;stroke-width:1}.dot .lead{stroke:#777;stroke-width:1}
.dot.sluice circle{fill:#1d5fd0}.dot.won circle{fill:#2b8a3e}.dot.tied circle{fill:#b7791f}.dot.lost circle{fill:#c92a2a}
.dot.reference circle,.dot.variant circle{fill:#fff;stroke:#777;stroke-width:1.5}.dot.reference text,.dot.variant text{fill:#222}
.grid{stroke:#ddd;fill:none}.grid.limit{stroke:#777;stroke-dasharray:4 3}`;

/**
 * One picture of a comparison, as a file of its own: for each trace violation minutes against task-hours, the lower left being better.
 * The same number is the same scaler in every panel.
 */
export function comparisonPicture({ runs, pairs }: Comparison): string {
  const traces = [...new Set(runs.map(({ trace }) => trace))];
  const scalers = [...new Set(runs.map(({ scaler }) => scaler))];
  const rows = Math.ceil(traces.length / COLUMNS);
  const width = COLUMNS * PANEL.width;
  const top = rows * (PANEL.height + PANEL.head);
  const perLine = 5;
  const height = top + (Math.ceil(scalers.length / perLine) + 1) * LEGEND_LINE + 10;

  const panels = traces.map((trace, i) => {
    const here = runs.filter((run) => run.trace === trace);
    const of = (scaler: string) => figuresOf(here.filter((run) => run.scaler === scaler));
    const ideal = of('clairvoyant').taskHours;
    const points = scalers.map((name, n): ParetoPoint => {
      const { violationMinutes, taskHours } = of(name);
      const verdict = pairs.find((pair) => pair.trace === trace && pair.peer === name)?.verdict;
      const kind = name === 'sluice' ? 'sluice' : name.startsWith('sluice-') ? 'variant' : (verdict ?? 'reference');
      return { number: n + 1, name, kind, violationMinutes, cost: taskHours / ideal };
    });
    const [x, y] = [(i % COLUMNS) * PANEL.width, Math.floor(i / COLUMNS) * (PANEL.height + PANEL.head)];
    const picture = paretoPicture(points).replace(
      '<svg ',
      `<svg x="${x}" y="${y + PANEL.head}" width="${PANEL.width}" height="${PANEL.height}" `,
    );
    return `<text class="head" x="${x + 46}" y="${y + 20}">${escaped(trace)}</text>${picture}`;
  });
  const legend = scalers.map((name, i) => {
    const [x, y] = [46 + (i % perLine) * ((width - 60) / perLine), top + 20 + Math.floor(i / perLine) * LEGEND_LINE];
    return `<text x="${x}" y="${y}">${i + 1} ${escaped(name)}</text>`;
  });
  const key =
    'Blue: Sluice. Green, yellow, red: a peer over which Sluice won, tied or lost. Hollow: references. Dashed: the clairvoyant and 1.3 times it.';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="violation minutes against task-hours, for each workload and scaler"><style>${STYLE}</style><rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
${legend.join('')}
<text x="46" y="${height - 8}">${key}</text></svg>
`;
}
