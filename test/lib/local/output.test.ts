import { describe, expect, it } from 'vitest';
import { colourFor } from '../../../lib/local/colour.ts';
import { jsonOutput } from '../../../lib/local/json-output.ts';
import type { Ready } from '../../../lib/local/output.ts';
import { displayNames } from '../../../lib/local/output.ts';
import { peopleOutput } from '../../../lib/local/people-output.ts';
import { spokenMs, statusLine, taskBar } from '../../../lib/local/status-line.ts';
import type { OutcomeRecord, StoredDecision } from '../../../lib/stores/records.ts';

const T0 = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const about = { customer: 'acme', service: 'web' };
const names = displayNames([about]);
const scale: StoredDecision = {
  kind: 'scale',
  id: 'd-1',
  at: T0,
  lastAt: T0,
  times: 1,
  from: 2,
  to: 5,
  code: 'RangeAbove',
  why: 'Scaling web from 2 to 5.',
  trail: [{ rule: 'range', code: 'RangeAbove', why: 'p95 is over', value: 5 }],
};
const outcome: OutcomeRecord = { decision: 'd-1', at: T0 + 1_000, outcome: 'applied', desiredCount: 5, why: 'Changed.' };
const ready: Ready = {
  services: [
    { customer: 'acme', service: 'web', group: 'shop', arn: 'arn:x', mode: 'on', min: 2, max: 9, reportUrl: 'http://127.0.0.1:1/t' },
  ],
  aws: 'http://127.0.0.1:2',
  standIn: true,
  admin: 'http://127.0.0.1:1/admin/s',
};

function json() {
  const lines: string[] = [];
  return {
    lines,
    out: jsonOutput(
      (line) => lines.push(line),
      names,
      () => T0,
    ),
    parsed: () => lines.map((line) => JSON.parse(line)),
  };
}

describe('the JSON output', () => {
  it('writes ready, decision, outcome and problem as one object a line, times in ISO 8601 with milliseconds', () => {
    const { out, parsed } = json();
    out.ready(ready);
    out.decision(about, scale);
    out.outcome(about, outcome);
    out.problem(about, { code: 'DaemonService', why: 'no', at: T0 });
    expect(parsed()).toEqual([
      expect.objectContaining({
        type: 'ready',
        services: { web: expect.objectContaining({ arn: 'arn:x', mode: 'on', reportUrl: 'http://127.0.0.1:1/t' }) },
        aws: 'http://127.0.0.1:2',
        admin: 'http://127.0.0.1:1/admin/s',
      }),
      expect.objectContaining({
        type: 'decision',
        id: 'd-1',
        service: 'web',
        at: '2026-01-02T03:04:05.678Z',
        kind: 'scale',
        from: 2,
        to: 5,
        code: 'RangeAbove',
        trail: scale.trail,
      }),
      {
        type: 'outcome',
        decision: 'd-1',
        service: 'web',
        customer: 'acme',
        at: '2026-01-02T03:04:06.678Z',
        outcome: 'applied',
        desiredCount: 5,
        why: 'Changed.',
      },
      expect.objectContaining({ type: 'problem', service: 'web', code: 'DaemonService', why: 'no' }),
    ]);
  });

  it('keeps an outcome back until its decision was told', () => {
    const { out, parsed } = json();
    out.outcome(about, outcome);
    expect(parsed()).toEqual([]);
    out.decision(about, scale);
    expect(parsed().map((line) => line.type)).toEqual(['decision', 'outcome']);
  });

  it('tells at the end what was still kept back', () => {
    const { out, parsed } = json();
    out.outcome(about, outcome);
    out.end();
    expect(parsed()).toHaveLength(1);
  });

  it('writes a hold with until when it waits', () => {
    const { out, parsed } = json();
    out.decision(about, { ...scale, kind: 'hold', from: null, to: null, until: T0 + 60_000 });
    expect(parsed()[0]).toMatchObject({ kind: 'hold', from: null, to: null, until: '2026-01-02T03:05:05.678Z' });
  });
});

describe('names of services', () => {
  it('are told apart by customer only where two customers use the same', () => {
    const nameOf = displayNames([about, { customer: 'umbrella', service: 'web' }, { customer: 'umbrella', service: 'jobs' }]);
    expect(nameOf(about)).toBe('acme/web');
    expect(nameOf({ customer: 'umbrella', service: 'jobs' })).toBe('jobs');
  });
});

describe('the output for people', () => {
  const plain = colourFor({ isTTY: false }, {});

  it('shows what runs with its URLs, and each decision as its sentence', () => {
    const lines: string[] = [];
    const out = peopleOutput(
      (line) => lines.push(line),
      names,
      plain,
      () => T0,
    );
    out.ready(ready);
    out.decision(about, scale);
    out.outcome(about, outcome);
    const text = lines.join('\n');
    for (const part of [
      'JUDOSCALE_URL=http://127.0.0.1:1/t',
      'http://127.0.0.1:2/_services',
      'web  ▲ Scaling web from 2 to 5.',
      'applied: Changed.',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('\u001b');
  });

  it('uses colour on a terminal only, and never with NO_COLOR', () => {
    expect(colourFor({ isTTY: true }, {}).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(colourFor({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x');
    expect(colourFor({ isTTY: true }, { TERM: 'dumb' }).red('x')).toBe('x');
    expect(plain.red('x')).toBe('x');
  });
});

describe('the status line', () => {
  it('draws running tasks, those that start, and the room up to the maximum', () => {
    expect(taskBar(2, 5, 9)).toBe('██▒▒▒····');
    expect(taskBar(9, 9, 9)).toBe('█████████');
    expect(taskBar(0, 0, 3)).toBe('···');
    expect(taskBar(50, 100, 100)).toBe('████████████▒▒▒▒▒▒▒▒▒▒▒▒');
    expect(taskBar(5, 2, 4)).toBe('████');
  });

  it('says tasks and each reading against its target, and says when it is not known', () => {
    const line = statusLine('web', {
      ...about,
      min: 2,
      max: 9,
      running: 2,
      pending: 3,
      desired: 5,
      targets: [
        { label: 'p95 queue time', reading: { kind: 'known', value: 340, at: T0 }, objective: '50 ms', unit: 'ms' },
        { label: 'utilisation', reading: { kind: 'unknown', why: 'silence' }, objective: '70 %', unit: 'share' },
      ],
    });
    expect(line).toBe(
      'web ██▒▒▒····  2 running, 3 starting of 5 wanted (2..9)  p95 queue time 340 ms (target 50 ms)  utilisation not known yet',
    );
  });

  it.each([
    [45.4, '45 ms'],
    [3_210, '3.2 s'],
    [45_000, '45 s'],
    [720_000, '12 min'],
  ])('speaks %d ms as %s', (ms, text) => expect(spokenMs(ms)).toBe(text));
});
