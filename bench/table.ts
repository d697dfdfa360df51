/** What a bench found: rows of figures under named columns. Numbers are printed to three significant digits. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The table as lines of text: words to the left, figures to the right. */
export function tableLines({ columns, rows }: Table): string[] {
  const cells = [columns, ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const figures = columns.map((_, i) => rows.every((row) => typeof row[i] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (figures[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0] ?? '', widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)];
}

function shown(cell: string | number): string {
  if (typeof cell === 'string') return cell;
  return Math.abs(cell) >= 1000 ? Math.round(cell).toLocaleString('en-US') : String(Number(cell.toPrecision(3)));
}
