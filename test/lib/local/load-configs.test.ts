import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfigs } from '../../../lib/local/load-configs.ts';
import { exampleFile } from '../../../lib/local/run.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-load-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(
  name: string,
  customer: string,
  service: string,
  arn = `arn:aws:ecs:us-east-1:111122223333:service/shop/${customer}-${service}`,
): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `customer: ${customer}\nservices:\n  ${service}:\n    arn: ${arn}\n    tasks: { min: 1, max: 2 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`,
  );
  return path;
}

describe('the policy files of a run', () => {
  it('are read together, each service with its customer and the mode of the run where it names none', () => {
    const loaded = loadConfigs([file('a.yml', 'acme', 'web'), file('b.yml', 'umbrella', 'web')], 'on');
    expect(loaded).toMatchObject({ ok: true, services: [{ customer: 'acme', policy: { mode: 'on' } }, { customer: 'umbrella' }] });
  });

  it('count once when one is given twice', () => {
    const path = file('a.yml', 'acme', 'web');
    expect(loadConfigs([path, path], 'on')).toMatchObject({ ok: true, services: [{ name: 'web' }] });
  });

  it('are refused when two name one service, or one ARN', () => {
    const arn = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
    expect(loadConfigs([file('a.yml', 'acme', 'web'), file('b.yml', 'acme', 'web')], 'on')).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.stringContaining('a service of this name')]),
    });
    expect(loadConfigs([file('a.yml', 'acme', 'web', arn), file('b.yml', 'umbrella', 'api', arn)], 'on')).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('two policies would fight')],
    });
  });

  it('are refused with every mistake of each, with file, line, rule and what was found', () => {
    const bad = join(folder, 'bad.yml');
    writeFileSync(bad, 'customer: Acme\nservices: []\n');
    const loaded = loadConfigs([bad, join(folder, 'missing.yml'), folder], 'on');
    expect(loaded).toMatchObject({ ok: false });
    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems[0]).toMatch(/bad\.yml:1:11: customer: .*\[format; found Acme\]/);
    expect(problems.slice(-2)).toEqual([
      expect.stringContaining('missing.yml: there is no such file'),
      expect.stringContaining('it is a folder'),
    ]);
  });

  it('of the example are right', () => {
    expect(loadConfigs([exampleFile()], 'on')).toMatchObject({ ok: true, warnings: [] });
  });
});
