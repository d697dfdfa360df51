import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { allFeatures, servedFeatures } from '../../../lib/policy/features.ts';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import { formatFileProblem } from '../../../lib/policy/review.ts';
import fc from '../../builders/fast-check.ts';
import { withEntry, withRest, withSchedule, wrongFiles } from './wrong-files.ts';

// Many cases: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 60_000 });

const file = (name: string) => readFileSync(new URL(`./files/${name}`, import.meta.url), 'utf8');
const parse = (text: string) => parsePolicyFile(text, { source: 'sluice.yml', defaultMode: 'observe', supported: allFeatures });

function accepted(text: string) {
  const result = parse(text);
  if (!result.ok) throw new Error(result.problems.map(formatFileProblem).join('\n'));
  return result;
}
function refused(text: string) {
  const result = parse(text);
  if (result.ok) throw new Error('accepted');
  return result.problems;
}
const policyOf = (text: string) => accepted(text).file.services[0]?.policy;

describe('a right file', () => {
  it('is read with every default filled in', () => {
    const { file: policyFile, warnings } = accepted(file('design.yml'));
    expect(warnings).toEqual([]);
    expect(policyFile.customer).toBe('acme');
    const [web, worker] = policyFile.services;
    expect(web).toMatchObject({
      customer: 'acme',
      name: 'web',
      group: 'shop',
      arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web',
      policy: {
        mode: 'on',
        min: 2,
        max: 40,
        targets: [
          { kind: 'request-queue-time', percentile: 95, topMs: 50, lowMs: 10, by: 'auto', step: { out: 1, in: 1 } },
          { kind: 'utilization', target: 0.7, low: 0.35, by: 'auto' },
        ],
        schedules: [
          {
            kind: 'weekly',
            name: 'weekday mornings',
            days: [1, 2, 3, 4, 5],
            from: '08:00',
            to: '18:00',
            timezone: 'America/New_York',
            min: 10,
            lead: 'auto',
          },
        ],
      },
    });
    expect(worker?.policy).toMatchObject({
      mode: 'observe',
      targets: [
        { kind: 'job-latency', queues: ['default', 'mailers'], topMs: 30_000, lowMs: 7_500 },
        { kind: 'job-depth', queues: ['imports'], perTask: 20, includeBusy: true, activation: 0 },
      ],
      behavior: {
        scaleIn: { stabilizeMs: 600_000, max: [{ share: 0.25, periodMs: 60_000 }], cooldownMs: 0 },
        scaleOut: { stabilizeMs: 0 },
      },
    });
  });

  it('may use the whole grammar', () => {
    expect(accepted(file('everything.yml')).file).toMatchSnapshot();
  });

  it('takes the mode of whoever reads it where the file names none', () => {
    const result = parsePolicyFile(withEntry('utilization: { target: 70% }'), { source: 'sluice.yml', defaultMode: 'on' });
    expect(result.ok && result.file.services[0]?.policy.mode).toBe('on');
  });

  it('makes a target of each queue that has its own', () => {
    const targets = policyOf(withEntry('{ job-latency: { queues: { critical: 5s, 7: 1m } }, step: { out: 3 } }'))?.targets;
    expect(targets).toEqual([
      { kind: 'job-latency', queues: ['critical'], topMs: 5_000, lowMs: 1_250, by: 'auto', step: { out: 3, in: 1 } },
      { kind: 'job-latency', queues: ['7'], topMs: 60_000, lowMs: 15_000, by: 'auto', step: { out: 3, in: 1 } },
    ]);
  });

  it('may say twice what it says once, by an anchor', () => {
    const text = `${withRest('behavior: &b { busy: hold }')}  worker:\n    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/w\n    tasks: { min: 0, max: 1 }\n    scale: [{ utilization: { target: 70% } }]\n    behavior: *b\n`;
    expect(accepted(text).file.services.map(({ policy }) => policy.behavior.busy)).toEqual(['hold', 'hold']);
  });

  it('may switch panic, fallback and limits off', () => {
    const behavior = policyOf(withRest('behavior: { panic: off, fallback: off, start-up: auto, scale-out: { max: none } }'))?.behavior;
    expect(behavior).not.toHaveProperty('panic');
    expect(behavior).not.toHaveProperty('fallback');
    expect(behavior?.scaleOut.max).toEqual([]);
  });

  it('takes the last day of a schedule with dates as a part of it', () => {
    expect(policyOf(withSchedule('{ from: 2026-11-27, to: 2026-11-30, min: 5 }'))?.schedules).toMatchObject([
      { kind: 'once', from: '2026-11-27T00:00', to: '2026-12-01T00:00' },
    ]);
  });

  it('reads an unquoted time, which YAML 1.2 has as text', () => {
    expect(policyOf(withSchedule('{ from: 18:00, to: 06:00, min: 5 }'))?.schedules).toMatchObject([
      { from: '18:00', to: '06:00', days: [1, 2, 3, 4, 5, 6, 7] },
    ]);
  });

  it.each([
    ['{ utilization: { target: 70% }, concurrency: 4 }', 'concurrency', '4', /for `by: drain`/],
    ['{ request-queue-time: { p95: 50ms }, by: range, concurrency: 4 }', 'concurrency', '4', /for `by: drain`/],
    ['{ job-depth: { per-task: 5 }, step: { out: 2 } }', 'step', '{…}', /only `by: range` goes in steps/],
  ])('is accepted with a warning where something has no effect: %s', (text, key, value, message) => {
    const { warnings } = accepted(withEntry(text));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({
      line: 6,
      path: `services.web.scale[0].${key}`,
      value,
      message: expect.stringMatching(message),
    });
  });

  it.each(['{ request-queue-time: { p95: 50ms }, concurrency: 4, step: { out: 2 } }', '{ job-latency: { target: 30s }, concurrency: 2 }'])(
    'is accepted without one where it has: %s',
    (text) => expect(accepted(withEntry(text)).warnings).toEqual([]),
  );

  it('is accepted with a warning where a schedule can never have its way', () => {
    const { warnings } = accepted(withSchedule('{ from: "08:00", to: "18:00", min: 50 }, { from: "08:00", to: "18:00", max: 1 }'));
    expect(warnings.map(({ line, path }) => ({ line, path }))).toEqual([
      { line: 7, path: 'services.web.schedules[0]' },
      { line: 7, path: 'services.web.schedules[1]' },
    ]);
  });
});

describe('a wrong file', () => {
  it('reports ten mistakes at once, each with line, rule and value', () => {
    const problems = refused(file('ten-mistakes.yml'));
    expect(problems.map(({ line, path, rule, value }) => [line, path, rule, value])).toEqual([
      [1, 'customer', 'format', 'Acme Corp'],
      [4, 'services.web.arn', 'format', 'arn:aws:ecs:us-east-1:111122223333:service/web'],
      [5, 'services.web.mode', 'one-of', 'true'],
      [6, 'services.web.tasks.max', 'conflict', '4'],
      [8, 'services.web.scale[0].request-queue-time.p95', 'format', '50'],
      [9, 'services.web.scale[1].utilisation', 'unknown-key', 'utilisation'],
      [11, 'services.web.schedules[0].days', 'format', 'mon-fry'],
      [11, 'services.web.schedules[0].timezone', 'one-of', 'America/NewYork'],
      [15, 'services.worker.tasks', 'duplicate-key', 'tasks'],
      [16, 'services.worker.scale', 'range', '[…]'],
    ]);
  });

  it.each(wrongFiles)('$name is refused', ({ text, line, path, rule, message }) => {
    const problems = refused(text);
    const found = problems.find((problem) => problem.path === path && problem.rule === rule);
    expect(found, problems.map(formatFileProblem).join('\n')).toBeDefined();
    expect(found?.message).toMatch(message);
    expect(found?.line).toBe(line);
    expect(found?.column).toBeGreaterThan(0);
    expect(found?.source).toBe('sluice.yml');
  });

  it('names both lines of an ARN that two services have', () => {
    const second =
      '  copy:\n    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/web\n    tasks: { min: 0, max: 1 }\n    scale: [{ utilization: { target: 70% } }]\n';
    const [problem, ...others] = refused(withEntry('utilization: { target: 70% }') + second);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ line: 8, path: 'services.copy.arn', rule: 'unique' });
    expect(problem?.message).toMatch(/services\.web\.arn in line 3/);
  });

  it('is shown as editors and compilers show places', () => {
    const [problem] = refused(withRest('mode: of'));
    expect(problem && formatFileProblem(problem)).toBe(
      'sluice.yml:7:11: services.web.mode: has to be one of off, observe, out-only, on: did you mean `off`?',
    );
  });

  it('counts the queues of a map as targets', () => {
    const queues = (from: number) =>
      `job-latency: { queues: { ${Array.from({ length: 6 }, (_, index) => `q${from + index}: 1s`).join(', ')} } }`;
    expect(refused(`${withEntry(queues(0))}      - ${queues(6)}\n`)).toMatchObject([
      { path: 'services.web.scale', rule: 'range', message: expect.stringMatching(/here are 12/) },
    ]);
  });
});

describe('what the engine does not serve yet', () => {
  const text = withEntry('metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", per-task: 5 }');

  it('is refused with its line, never ignored', () => {
    const supported = new Set([...allFeatures].filter((feature) => feature !== 'metric'));
    const result = parsePolicyFile(text, { source: 'sluice.yml', defaultMode: 'observe', supported });
    expect(!result.ok && result.problems).toMatchObject([
      { line: 6, path: 'services.web.scale[0].metric', rule: 'not-supported', message: expect.stringMatching(/not supported yet/) },
    ]);
  });

  it('is accepted as soon as the feature is switched on', () => {
    expect(parsePolicyFile(text, { source: 'sluice.yml', defaultMode: 'observe', supported: servedFeatures }).ok).toBe(true);
  });

  it('is only what features.ts says', () => {
    const result = parsePolicyFile(file('design.yml'), { source: 'sluice.yml', defaultMode: 'observe' });
    expect(result.ok).toBe(true);
  });
});

describe('what is no YAML, or too much of it', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a tab for indentation', 'services:\n\tweb: 1\n', /tabs/],
    ['an open quote', 'customer: "acme\n', /not YAML/],
    ['an open bracket', 'services: [\n', /not YAML/],
    ['two documents', 'services: {}\n---\nservices: {}\n', /second document/],
    ['a directive of YAML 1.1', '%YAML 1.1\n---\nservices: {}\n', /YAML 1.2/],
    ['a tag', 'services: !!binary aaaa\n', /tags/],
    ['a map for a key', '? { a: 1 }\n: 2\n', /plain text/],
    ['an alias of nothing', 'services: *nowhere\n', /not YAML|marked &nowhere/],
    ['an alias of itself', 'services: &a { b: *a }\n', /stands inside/],
    ['more than 1 MB', `# ${'x'.repeat(1_048_576)}\n`, /over 1 MB/],
    ['deep nesting', `services: ${'['.repeat(40)}${']'.repeat(40)}\n`, /nested too deeply/],
    ['absurdly deep nesting', '['.repeat(100_000), /nested too deeply/],
  ];
  it.each(cases)('%s is a problem with its line', (_, text, message) => {
    const problems = refused(text);
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
    expect(problems.every(({ line }) => line >= 1)).toBe(true);
  });

  it('is refused soon where aliases multiply', () => {
    const bomb = Array.from(
      { length: 25 },
      (_, level) =>
        `a${level}: &a${level} [${Array(10)
          .fill(level === 0 ? 'x' : `*a${level - 1}`)
          .join(', ')}]`,
    ).join('\n');
    expect(refused(`${bomb}\nservices: *a24\n`)).toMatchObject([{ rule: 'limit', message: expect.stringMatching(/aliases repeat/) }]);
    const one = withSchedule(Array(50).fill('{ from: "08:00", to: "18:00", timezone: Nowhere/Atall, min: 3 }').join(', ')).replace(
      'web:',
      'web: &web',
    );
    expect(refused(one + Array.from({ length: 4_000 }, (_, index) => `  s${index}: *web\n`).join(''))).toMatchObject([{ rule: 'limit' }]);
  });

  it('lists a thousand mistakes and says that there are more', () => {
    const problems = refused(Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join('\n'));
    expect(problems).toHaveLength(1_001);
    expect(problems.at(-1)?.message).toMatch(/more follows/);
  });
});

describe('any text at all', () => {
  const lines = file('everything.yml').split('\n');
  const fragments = [
    'services:',
    '  web:',
    '&a',
    '*a',
    '{',
    '}',
    '[',
    ']',
    '- ',
    ': ',
    '\t',
    '"',
    "'",
    '|',
    '>',
    '!!str',
    '%',
    '---',
    '~',
    '1e999',
    '.nan',
    '<<',
    '__proto__:',
    ...lines,
  ];

  it('never makes it throw, and is never accepted without a service', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom(...fragments)).map((parts) => parts.join('\n')),
          fc.array(fc.constantFrom(...fragments)).map((parts) => parts.join(' ')),
        ),
        (text) => {
          const result = parse(text);
          expect(result.ok ? result.file.services.length : result.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reports a place inside of the file for a right file with one line spoilt', () => {
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.oneof(fc.constant(''), fc.string(), fc.constantFrom(...fragments)), (index, line) => {
        const text = lines.with(index, line).join('\n');
        const result = parse(text);
        if (!result.ok) for (const problem of result.problems) expect(problem.line).toBeLessThanOrEqual(text.split('\n').length);
      }),
      { numRuns: 300 },
    );
  });
});
