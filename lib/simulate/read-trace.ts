import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type TraceProblem, TraceReader, type TraceResult } from './trace.ts';

/** A line longer than this is no line of a trace. */
const MAX_LINE = 10_000;

/**
 * Reads a trace file piece by piece.
 * @param onRead bytes read so far.
 */
export async function readTrace(path: string, onRead: (bytes: number) => void = () => {}): Promise<TraceResult> {
  const reader = new TraceReader(basename(path).replace(/\.csv$/, ''));
  let rest = '';
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, 'utf8')) {
      if (typeof chunk !== 'string') continue;
      bytes += chunk.length;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) reader.push(line);
      if (rest.length > MAX_LINE) return refused([{ line: 1, message: `a line is longer than ${MAX_LINE} characters: this is no trace` }]);
      onRead(bytes);
    }
  } catch (error) {
    return refused([{ line: 0, message: whyNot(error) }]);
  }
  if (rest !== '') reader.push(rest);
  return reader.finish();
}

const refused = (problems: readonly TraceProblem[]): TraceResult => ({ ok: false, problems, more: 0 });

function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return code === 'EACCES' ? 'it may not be read' : String(error);
}

/** One line for each problem: file, line, what is wrong. */
export function traceProblems(path: string, result: TraceResult): string[] {
  if (result.ok) return [];
  const lines = result.problems.map(({ line, message }) => `${path}${line > 0 ? `:${line}` : ''}: ${message}`);
  return result.more > 0 ? [...lines, `${path}: and ${result.more} more`] : lines;
}
