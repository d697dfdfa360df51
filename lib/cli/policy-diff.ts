import { explainPolicy } from '../policy/explain-policy.ts';
import type { ServiceConfig } from '../policy/policy.ts';

export interface DiffRow {
  /** As a policy file writes it: "tasks.max", "scale[0].request-queue-time.p95". */
  readonly path: string;
  /** Null: there was none. */
  readonly before: string | null;
  /** Null: there is none any more. */
  readonly after: string | null;
}

export interface ServiceDiff {
  readonly customer: string;
  readonly name: string;
  readonly change: 'add' | 'change' | 'none';
  readonly rows: readonly DiffRow[];
}

/** What applying these services would change, knob by knob; defaults count as what they are, so that spelling one out is no change. */
export function policyDiff(wanted: readonly ServiceConfig[], stored: readonly ServiceConfig[]): ServiceDiff[] {
  const byName = new Map(stored.map((config) => [`${config.customer}/${config.name}`, config]));
  return wanted.map((config) => {
    const { customer, name } = config;
    const before = byName.get(`${customer}/${name}`);
    if (!before) {
      const rows = explainPolicy(config).filter(({ path, source }) => source === 'given' && path !== 'name' && path !== 'customer');
      return { customer, name, change: 'add', rows: rows.map(({ path, value }) => ({ path, before: null, after: value })) };
    }
    const rows = changedRows(before, config);
    return { customer, name, change: rows.length === 0 ? 'none' : 'change', rows };
  });
}

function changedRows(before: ServiceConfig, after: ServiceConfig): DiffRow[] {
  const was = new Map(explainPolicy(before).map(({ path, value }) => [path, value]));
  const becomes = new Map(explainPolicy(after).map(({ path, value }) => [path, value]));
  const paths = [...new Set([...was.keys(), ...becomes.keys()])];
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: becomes.get(path) ?? null }))
    .filter((row) => row.before !== row.after);
}

/** The difference for people: added, changed and unchanged services, each knob with what it was and what it becomes. */
export function diffText(diffs: readonly ServiceDiff[], others: readonly string[]): string {
  const lines = diffs.flatMap(({ name, change, rows }) => {
    if (change === 'none') return [`  ${name}: no change`];
    const width = Math.max(0, ...rows.map(({ path }) => path.length));
    const values = rows.map(({ path, before, after }) =>
      `      ${path.padEnd(width)}  ${change === 'add' ? after : `${before ?? '(none)'} → ${after ?? '(none)'}`}`.trimEnd(),
    );
    return [change === 'add' ? `+ ${name}: new` : `~ ${name}`, ...values];
  });
  if (others.length > 0)
    lines.push(`  Not in the file, and left as they are: ${others.join(', ')}. (sluice remove NAME takes one out of care.)`);
  return lines.join('\n');
}
