import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { values } from '../../../lib/policy/default-values.ts';
import { parseDuration } from '../../../lib/policy/duration.ts';
import { explainPolicy } from '../../../lib/policy/explain-policy.ts';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import { formatShare } from '../../../lib/policy/share.ts';

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Row {
  readonly knobs: readonly string[];
  readonly unit: string;
  readonly byDefault: string;
  readonly why: string;
  readonly peers: string;
}

/** The rows of the tables under "Knobs", with the words in code of the first column. */
function knobTable(): Row[] {
  const text = file('docs/deciding.md');
  const section = text.slice(text.indexOf('\n## Knobs'), text.indexOf('\n## Signals'));
  return section.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/u).map((cell) => cell.trim());
    const [, knobs = '', unit = '', byDefault = '', why = '', peers = ''] = cells;
    const named = [...knobs.matchAll(/`([^`]+)`/gu)].map(([, name]) => name ?? '');
    return cells.length === 7 && named.length > 0 ? [{ knobs: named, unit, byDefault, why, peers }] : [];
  });
}

type Json = { readonly [key: string]: unknown };
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every key that the schema knows, as the table names them: percentiles are one key, and what leads to a target or a rule is left out. */
function keysOfSchema(): string[] {
  const schema = JSON.parse(file('sluice.schema.json')) as Json & { $defs: Record<string, Json> };
  const found = new Set<string>();
  const walk = (node: unknown, path: string) => {
    if (!isMap(node)) return;
    const properties = isMap(node['properties']) ? node['properties'] : {};
    for (const [key, value] of Object.entries(properties)) {
      const name = `${path}${/^p\d/u.test(key) ? 'p…' : key}`;
      const inner =
        isMap(value) && isMap(value['properties']) ? [value] : isMap(value) && Array.isArray(value['anyOf']) ? value['anyOf'] : [];
      const maps = inner.filter((each) => isMap(each) && isMap(each['properties']));
      if (maps.length === 0) found.add(name);
      for (const each of maps) walk(each, `${name}.`);
    }
  };
  walk(schema, '');
  for (const definition of ['service', 'target', 'schedule', 'behavior']) walk(schema.$defs[definition], '');
  // A reference to a definition of its own, which is walked through by itself.
  found.delete('behavior');
  return [...found].sort();
}

const everything = `
services:
  web:
    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/web
    tasks: { min: 2, max: 40 }
    scale:
      - request-queue-time: { target: 50ms }
      - response-time: { target: 1s }
      - job-latency: { target: 30s }
      - job-depth: { per-task: 20 }
      - utilization: { target: 70% }
      - metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:jobs", per-task: 5 }
      - metric: { cloudwatch: { namespace: a, metric: b }, target: 5 }
    schedules:
      - { from: "08:00", to: "18:00", min: 5 }
      - { cron: "0 8 * * *", for: 1h, min: 5 }
`;

describe('the table of knobs in docs/deciding.md', () => {
  const rows = knobTable();

  it('has every key of the schema once, and no other', () => {
    const named = rows.flatMap(({ knobs }) => knobs).sort();
    expect(named.filter((name, i) => named.indexOf(name) !== i)).toEqual([]);
    expect(named).toEqual(keysOfSchema());
  });

  it('has unit, default, reason and peer for each of them', () => {
    const empty = rows.filter(({ unit, byDefault, why, peers }) => [unit, byDefault, why, peers].includes(''));
    expect(empty.map(({ knobs }) => knobs)).toEqual([]);
  });

  it('has the defaults that are in force', () => {
    const result = parsePolicyFile(everything, { source: 'sluice.yml', defaultMode: values.mode });
    const [service] = result.ok ? result.file.services : [];
    if (service === undefined) throw new Error('the file above is wrong');
    const compared = new Set<string>();
    for (const { path, value, source } of explainPolicy(service)) {
      if (source !== 'default') continue;
      const knob = path.replace(/^(scale|schedules)\[\d+\]\./u, '').replace(/^behavior\./u, '');
      const row = rows.find(({ knobs }) => knobs.includes(knob) || knobs.some((name) => name.startsWith(`${knob}.`)));
      expect(row, knob).toBeDefined();
      const kind = knob.endsWith('.low') ? knob.slice(0, -'.low'.length) : undefined;
      const shown = kind !== undefined && isLowOf(kind) ? formatShare(values.low[kind]) : value;
      for (const part of shown.split(/, | over /u)) expect(row?.byDefault, knob).toContain(`\`${part}\``);
      compared.add(knob);
    }
    expect(compared.size).toBeGreaterThan(30);
    for (const kind of ['request-queue-time', 'response-time'])
      expect(rows.find(({ knobs }) => knobs.includes(`${kind}.target`))?.byDefault).toBe(`\`p${values.percentile}\``);
  });
});

const isLowOf = (kind: string): kind is keyof typeof values.low => Object.hasOwn(values.low, kind);

describe('the defaults in the JSON Schema', () => {
  /** By the path of its key; percentiles and the like have none. */
  function schemaDefaults(): Map<string, unknown> {
    const schema = JSON.parse(file('sluice.schema.json')) as Json & { $defs: Record<string, Json> };
    const found = new Map<string, unknown>();
    const walk = (node: unknown, path: string) => {
      if (!isMap(node)) return;
      for (const [key, value] of Object.entries(isMap(node['properties']) ? node['properties'] : {})) {
        if (!isMap(value)) continue;
        if (value['default'] !== undefined) found.set(`${path}${key}`, value['default']);
        walk(value, `${path}${key}.`);
      }
    };
    for (const definition of ['service', 'target', 'schedule', 'behavior']) walk(schema.$defs[definition], '');
    return found;
  }
  const spoken = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(spoken).join(', ');
    if (isMap(value)) return Object.values(value).map(spoken).join(' over ');
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    return ms === undefined ? String(value) : `${ms} ms`;
  };

  it('are those in force', () => {
    const result = parsePolicyFile(everything, { source: 'sluice.yml', defaultMode: values.mode });
    const [service] = result.ok ? result.file.services : [];
    if (service === undefined) throw new Error('the file above is wrong');
    const inSchema = schemaDefaults();
    const compared = new Set<string>();
    for (const { path, value, source } of explainPolicy(service)) {
      const knob = path.replace(/^(scale|schedules)\[\d+\]\./u, '').replace(/^behavior\./u, '');
      if (source !== 'default' || !inSchema.has(knob)) continue;
      expect(spoken(inSchema.get(knob)), knob).toBe(value.split(' over ').map(spoken).join(' over '));
      compared.add(knob);
    }
    expect(compared.size).toBeGreaterThan(15);
  });
});

describe('what the documents point to', () => {
  it.each(['docs/deciding.md', 'docs/signals.md', 'docs/reporting.md', 'docs/collecting.md'])('%s links only to what there is', (path) => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const anchors = (document: string) =>
      [...file(document).matchAll(/^#+ (.+)$/gmu)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
      );
    for (const [, target = ''] of file(path).matchAll(/\]\(([^)\s]+)\)/gu)) {
      if (/^https?:/u.test(target)) continue;
      const [name = '', anchor] = target.split('#');
      const document = name === '' ? path : `${folder}${name}`;
      expect(existsSync(new URL(`../../../${document}`, import.meta.url)), `${path}: ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchors(document), `${path}: ${target}`).toContain(anchor);
    }
  });
});

describe('the line for editors', () => {
  it.each(['lib/local/example/sluice.example.yml', 'test/lib/policy/files/everything.yml'])('of %s leads to the schema', (path) => {
    const [, reference] = /^# yaml-language-server: \$schema=(\S+)$/mu.exec(file(path)) ?? [];
    const url = new URL(reference ?? 'none', new URL(`../../../${path}`, import.meta.url));
    expect(JSON.parse(readFileSync(url, 'utf8'))).toHaveProperty('$defs.service');
  });
});
