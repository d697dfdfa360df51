import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../lib/decide/codes.ts';
import { readTemplateYaml } from '../../lib/iam/template-yaml.ts';
import type { Outcome } from '../../lib/stores/records.ts';
import { severityOfProblem, TRUST_CODES } from '../../lib/telemetry/severity.ts';
import { codesInSource } from './codes-in-source.ts';

const root = resolve(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(resolve(root, path), 'utf8');
const runbook = text('docs/operations.md');
const keysOf = (path: string, section: string) => Object.keys(Object(Object(readTemplateYaml(text(path)))[section]));
const section = (title: string) => runbook.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
/** First cells of the tables of a section, without their backquotes. */
const rows = (title: string) => [...section(title).matchAll(/^\| `(\w+)` \|/gm)].map(([, cell]) => cell ?? '');

describe('docs/operations.md', () => {
  test('has a heading for each alarm, and for none that there is not', () => {
    const headings = [...section('Alarms').matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual(keysOf('infra/alarms.yml', 'Resources').sort());
  });

  test('has a row for each outcome', () => {
    const outcomes: Record<Outcome, true> = {
      applied: true,
      unchanged: true,
      superseded: true,
      refused: true,
      expired: true,
      failed: true,
    };
    expect(rows('Outcomes').sort()).toEqual(Object.keys(outcomes).sort());
  });

  test('has a row for each decision code, in the order of the code', () => {
    expect(rows('Decision codes')).toEqual(Object.keys(CODES));
  });

  test('says the severity of each problem code as notices do', () => {
    const table = [...section('Problem codes').matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, code = '', severity]) => [code, severity]);
    expect(table.length).toBeGreaterThan(12);
    expect(table).toEqual(table.map(([code = '']) => [code, severityOfProblem(code)]));
    expect(table.map(([code]) => code)).toEqual(expect.arrayContaining([...TRUST_CODES]));
  });

  test('has a row for every other code that the sources give, and for none that they do not', { timeout: 60_000 }, () => {
    // A stand-in speaks AWS's codes, the simulator has none of its own, and purposes of `sluice iam` are no part of the running system.
    const but = /^(local|simulate|iam|iam-policies|estimate|cli|policy|customer-templates)[/\\]/;
    const given = [...codesInSource(resolve(root, 'lib'), but).keys()];
    const others = new Set(given.filter((code) => !(code in CODES)));
    expect(others.size).toBeGreaterThan(30);
    const answers = [...section('Codes of answers').matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, code = '']) => code),
    );
    const documented = [...rows('Problem codes'), ...answers];
    expect([...others].filter((code) => !documented.includes(code)).sort()).toEqual([]);
    expect(documented.filter((code) => !others.has(code)).sort()).toEqual([]);
    expect(new Set(documented).size).toBe(documented.length);
  });

  test('says what happens to customers while Sluice is down: counts stay, and which min is safe', () => {
    expect(section('While Sluice is down')).toMatch(/\*\*Counts stay\.\*\*/);
    expect(section('While Sluice is down')).toMatch(/Which `min` is safe/);
  });
});

describe('docs/deploy.md', () => {
  test('has a row for each parameter', () => {
    const parameters = [...keysOf('infra/parameters.yml', 'Parameters'), ...keysOf('infra/table.yml', 'Parameters')];
    const listed = [...text('docs/deploy.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(parameters.sort());
  });
});

describe('pages of docs/', () => {
  test.each(['operations', 'deploy', 'events', 'reporting'])('%s.md leads only to files and headings that are there', (page) => {
    const path = resolve(root, `docs/${page}.md`);
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-');
    for (const [, target = ''] of text(`docs/${page}.md`).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? path : resolve(dirname(path), file);
      expect(existsSync(to), target).toBe(true);
      if (anchor === undefined) continue;
      const anchors = [...readFileSync(to, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));
      expect(anchors, target).toContain(anchor);
    }
  });
});
