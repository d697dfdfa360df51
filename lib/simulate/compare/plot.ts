/** Maps a value to 0..1 of an axis. */
export type Axis = (value: number) => number;

export const linear = (low: number, high: number): Axis => {
  const span = high - low || 1;
  return (value) => Math.min(1, Math.max(0, (value - low) / span));
};

export const logarithmic = (low: number, high: number): Axis => {
  const scale = linear(Math.log(low), Math.log(high));
  return (value) => scale(Math.log(Math.max(low, value)));
};

/** At most `points` values, each the mean or the largest of as many neighbours; null where there was none. */
export function downSample(values: readonly (number | null)[], points: number, by: 'mean' | 'max'): (number | null)[] {
  if (values.length <= points) return [...values];
  return Array.from({ length: points }, (_, i) => {
    const part = values
      .slice(Math.floor((i * values.length) / points), Math.floor(((i + 1) * values.length) / points))
      .filter((value) => value !== null);
    if (part.length === 0) return null;
    return by === 'max' ? Math.max(...part) : part.reduce((a, b) => a + b, 0) / part.length;
  });
}

/**
 * The d of an SVG path through the values, one unit of width for each step, whole units of height; a gap where a value is null. Steps are
 * relative, which takes a third of the characters.
 */
export function linePath(values: readonly (number | null)[], axis: Axis, height: number): string {
  let path = '';
  let last: { x: number; y: number } | undefined;
  for (const [x, value] of values.entries()) {
    if (value === null) {
      last = undefined;
      continue;
    }
    const y = Math.round(height * (1 - axis(value)));
    path += last === undefined ? `M${x} ${y}l` : `${path.endsWith('l') ? '' : ' '}${x - last.x} ${y - last.y}`;
    last = { x, y };
  }
  // A single value is a dot, which a line has to go nowhere for.
  return path.replaceAll(/l(?=M|$)/g, 'h0');
}

/** The same, closed along the bottom; null counts as none. */
export function areaPath(values: readonly (number | null)[], axis: Axis, height: number): string {
  const line = linePath(
    values.map((value) => value ?? 0),
    axis,
    height,
  );
  return line === '' ? '' : `${line}V${height}H0Z`;
}

/** About `count` round numbers from 0 to `high`: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(high: number, count: number): number[] {
  if (!(high > 0)) return [0];
  const rough = high / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** Text for HTML. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** ms in the unit that reads best. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toPrecision(2))} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Number((ms / 3_600_000).toPrecision(2))} h`;
}

/** A number for people: three digits, thousands apart. */
export const figure = (value: number): string =>
  Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
