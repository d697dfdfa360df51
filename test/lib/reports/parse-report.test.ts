import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../lib/reports/parse-report.ts';
import fc from '../../builders/fast-check.ts';

const problemOf = (body: string) => {
  const result = parseReport(body);
  return result.ok ? undefined : result.problem;
};
const nested = (levels: number, inner = '1') => '['.repeat(levels) + inner + ']'.repeat(levels);

describe('parseReport', () => {
  it('reads container, process and samples', () => {
    const result = parseReport('{"container":"c","pid":12,"metrics":[[1,2,"qt",null]],"adapters":{},"config":{}}');
    expect(result).toEqual({ ok: true, report: { container: 'c', pid: '12', metrics: [[1, 2, 'qt', null]] } });
  });

  it.each([
    ['nothing but metrics', '{"metrics":[]}', { container: '', pid: '', metrics: [] }],
    [
      'unknown keys and odd config',
      '{"metrics":[],"config":7,"metadata":[],"adapters":null,"new":{"a":[1]}}',
      { container: '', pid: '', metrics: [] },
    ],
    ['a process id that is text', '{"metrics":[],"container":"","pid":"main"}', { container: '', pid: 'main', metrics: [] }],
    ['a negative process id, as Java sends', '{"metrics":[],"pid":-1}', { container: '', pid: '-1', metrics: [] }],
    ['an id that is null', '{"metrics":[],"container":null,"pid":null}', { container: '', pid: '', metrics: [] }],
  ])('accepts %s', (_, body, report) => {
    expect(parseReport(body)).toEqual({ ok: true, report });
  });

  it('cuts a container id that is absurdly long', () => {
    const result = parseReport(JSON.stringify({ container: 'x'.repeat(100_000), metrics: [] }));
    expect(result.ok && result.report.container.length).toBe(512);
  });

  it.each([
    ['no JSON', '{"metrics":[', 'NotJson', /not JSON/],
    ['nothing', '', 'NotJson', /not JSON/],
    [
      'a container that is no text',
      '{"metrics":[],"container":{"a":1}}',
      'WrongType',
      /"container" is an object; it is the id of an instance/,
    ],
    ['a process id that is a list', '{"metrics":[],"pid":[]}', 'WrongType', /"pid" is an array; it is the process id/],
    ['an array', '[[1,2,"qt"]]', 'NotAnObject', /the body is an array; a report is an object/],
    ['null', 'null', 'NotAnObject', /the body is null/],
    ['a number', '5', 'NotAnObject', /the body is a number/],
    ['no metrics', '{"container":""}', 'NoMetrics', /"metrics" is missing/],
    [
      'metrics of another kind',
      '{"metrics":{"0":1}}',
      'NoMetrics',
      /"metrics" is an object; it is an array of \[time, value, identifier, queue\]/,
    ],
  ])('refuses %s and says what would be right', (_, body, code, why) => {
    expect(problemOf(body)).toEqual({ code, why: expect.stringMatching(why) });
  });

  it('names the place that is nested too deep', () => {
    expect(problemOf(`{"metrics":[[1,2,"qt",null],[1,${nested(40)},"qt",null]]}`)?.why).toMatch(
      /^metrics\[1\]\[1\](\[0\])+ is nested more than 32 levels deep/,
    );
    expect(problemOf(`{"metrics":[],"config":{"a":${nested(200)}}}`)?.why).toMatch(/^config\.a(\[0\])+ is nested more than 32/);
    expect(problemOf(`{"metrics":[{"x":${nested(200)}}]}`)).toMatchObject({
      code: 'TooDeep',
      why: expect.stringMatching(/^metrics\[0\]\.x/),
    });
  });

  it('allows exactly 32 levels', () => {
    expect(problemOf(`{"metrics":[],"config":${nested(31)}}`)).toBeUndefined();
    expect(problemOf(`{"metrics":[],"config":${nested(32)}}`)?.code).toBe('TooDeep');
    expect(problemOf(`{"metrics":[[1,2,${nested(29)}]]}`)).toBeUndefined();
    expect(problemOf(`{"metrics":[[1,2,${nested(30)}]]}`)?.code).toBe('TooDeep');
    expect(problemOf(`{"metrics":[[1,2,"qt",null,${nested(30)}]]}`)?.code).toBe('TooDeep');
  });

  it('survives a million levels', () => {
    expect(problemOf(nested(1_000_000))?.code).toBe('NotAnObject');
    expect(problemOf(`{"metrics":${nested(1_000_000)}}`)?.code).toBe('TooDeep');
  });

  it('never throws, whatever the body', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((metrics) => JSON.stringify({ metrics })),
        ),
        (body) => {
          const result = parseReport(body);
          expect(result.ok || result.problem.why.length > 10).toBe(true);
        },
      ),
    );
  });
});
