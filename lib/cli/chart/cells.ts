/** A canvas of characters, addressed from its lower left. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  set(x: number, y: number, mark: string): void;
  /** Top line first. */
  lines(): string[];
}

export function canvas(width: number, height: number): Canvas {
  const cells = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  return {
    width,
    height,
    set(x, y, mark) {
      const row = cells[height - 1 - y];
      if (row !== undefined && x >= 0 && x < width) row[x] = mark;
    },
    lines: () => cells.map((row) => row.join('')),
  };
}

const EIGHTHS = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A bar of `value` in column `x`, in eighths of a cell, where the canvas is `top` high. At least an eighth where it is not 0. */
export function bar(on: Canvas, x: number, value: number, top: number): void {
  const eighths = value <= 0 ? 0 : Math.max(1, Math.min(on.height * 8, Math.round((value / top) * on.height * 8)));
  for (let y = 0; y * 8 < eighths; y++) on.set(x, y, EIGHTHS[Math.min(8, eighths - y * 8)] ?? '█');
}

/** The line of the canvas on which a value lies. */
export const rowOf = (on: Canvas, value: number, top: number): number =>
  Math.min(on.height - 1, Math.max(0, Math.ceil((value / top) * on.height) - 1));
