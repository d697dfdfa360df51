import { describe, expect, test } from 'vitest';
import { TraceReader, type TraceResult } from '../../../lib/simulate/trace.ts';

function read(text: string): TraceResult {
  const reader = new TraceReader('t');
  for (const line of text.split('\n')) reader.push(line);
  return reader.finish();
}

const problems = (text: string) => {
  const result = read(text);
  return result.ok ? [] : result.problems.map(({ line, message }) => `${line}: ${message}`);
};

describe('a trace', () => {
  test('of rates holds for whole bins, from its own first time on', () => {
    expect(read('t_seconds,rate_rps\n600,1.5\n660,2\n720,0\n')).toEqual({
      ok: true,
      trace: { kind: 'requests', name: 't', stepSeconds: 60, rates: Float64Array.of(1.5, 2, 0), durationSeconds: 180 },
    });
  });

  test('of counts is one of rates', () => {
    expect(read('t_seconds,count\n0,300\n300,600')).toMatchObject({
      ok: true,
      trace: { rates: Float64Array.of(1, 2), durationSeconds: 600 },
    });
  });

  test('of jobs lasts to the end of the minute of its last arrival', () => {
    expect(read('t_seconds,service_s\n10,5\n10,0.5\n75.5,1e2\n')).toEqual({
      ok: true,
      trace: {
        kind: 'jobs',
        name: 't',
        arrivals: Float64Array.of(0, 0, 65.5),
        services: Float64Array.of(5, 0.5, 100),
        durationSeconds: 120,
      },
    });
  });

  test('may come from Windows: byte-order mark, CRLF, an empty line at the end', () => {
    expect(read('\uFEFFt_seconds,count\r\n0,1\r\n60,2\r\n\r\n')).toMatchObject({ ok: true });
  });
});

describe('what is wrong with a trace', () => {
  test.each([
    ['an empty file', '', ['1: the file is empty']],
    [
      'another header',
      'time,value\n0,1',
      ['1: the header has to be "t_seconds,rate_rps" or "t_seconds,count" or "t_seconds,service_s", not "time,value"'],
    ],
    ['no header', '0,1\n60,2', ['1: the header has to be "t_seconds,rate_rps" or "t_seconds,count" or "t_seconds,service_s", not "0,1"']],
    ['no rows', 't_seconds,count\n', ['2: there is a header and no row']],
    ['one row', 't_seconds,count\n0,1', ['2: there is one row: the step of a trace is told by its first two']],
    ['nothing but zeros', 't_seconds,count\n0,0\n60,0', ['3: every count is 0: there is nothing to scale for']],
    [
      'a gap',
      't_seconds,count\n0,1\n60,1\n240,1',
      ['4: a gap: t_seconds goes from 60 to 240, the step before was 60, so that 2 rows are missing'],
    ],
    ['another step', 't_seconds,count\n0,1\n60,1\n90,1', ['4: the step from 60 to 90 is 30, before it was 60']],
    ['a time twice', 't_seconds,count\n0,1\n60,1\n60,1', ['4: t_seconds 60 is there twice']],
    ['no order', 't_seconds,count\n0,1\n60,1\n0,1', ['4: t_seconds goes back from 60 to 0: rows have to be in the order of time']],
    ['a step under a second', 't_seconds,count\n0,1\n0.5,1', ['3: the step from 0 to 0.5 has to be whole seconds, at least one']],
    [
      'no order of jobs',
      't_seconds,service_s\n5,1\n4,1',
      ['3: t_seconds goes back from 5 to 4: jobs have to be in the order of their arrival'],
    ],
    ['a missing value', 't_seconds,count\n0,1\n60', ['3: has 1 value instead of two: "60"']],
    ['a value too many', 't_seconds,count\n0,1\n60,1,1', ['3: has 3 values instead of two: "60,1,1"']],
    ['NaN', 't_seconds,count\n0,1\n60,NaN', ['3: count is not a number: "NaN"']],
    ['an infinite rate', 't_seconds,rate_rps\n0,1\n60,Infinity', ['3: rate_rps is not a number: "Infinity"']],
    ['a time that is no number', 't_seconds,rate_rps\n0,1\nx,1', ['3: t_seconds is not a number: "x"']],
    ['a negative rate', 't_seconds,rate_rps\n0,1\n60,-2', ['3: rate_rps is negative: -2']],
    ['a negative time', 't_seconds,rate_rps\n-60,1\n0,2\n60,3', ['2: t_seconds is negative: -60']],
    ['an absurd rate', 't_seconds,rate_rps\n0,1\n60,1e9', ['3: rate_rps is absurd: 1000000000 is over 1,000,000']],
    ['an absurd job', 't_seconds,service_s\n0,1e8', ['2: service_s is absurd: 100000000 is over 2,592,000']],
  ])('%s is told with its line', (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('is told all at once', () => {
    expect(problems('t_seconds,count\n0,1\n60,-1\n180,x\n240,1').map((problem) => problem.slice(0, 2))).toEqual(['3:', '4:', '4:']);
  });

  test('is told of twenty lines, and of the rest how many there are', () => {
    const result = read(`t_seconds,count\n0,1\n${Array.from({ length: 100 }, (_, i) => `${(i + 1) * 60},-1`).join('\n')}`);
    expect(result.ok ? undefined : [result.problems.length, result.more]).toEqual([20, 80]);
  });
});
