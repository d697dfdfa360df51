import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { OutcomeRecord, StoredDecision } from '../../../lib/stores/records.ts';
import type { NoticeEvent } from '../../../lib/telemetry/notice.ts';
import { createNotices, type EventBus } from '../../../lib/telemetry/notices.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { T0 } from '../../builders/times.ts';

const about = { customer: 'acme', service: 'web' };
const scale: StoredDecision = {
  kind: 'scale',
  id: '01k9example0000001',
  at: T0,
  lastAt: T0,
  times: 1,
  from: 2,
  to: 5,
  code: 'AboveTarget',
  why: 'Scaling web from 2 to 5: p95 queue time 340 ms is over 50 ms.',
  trail: [],
};
const hold = (code: string): StoredDecision => ({ ...scale, kind: 'hold', to: 2, from: 2, code, why: `${code} it is.` });
const outcome = (name: OutcomeRecord['outcome'], at = T0 + 400): OutcomeRecord => ({
  decision: scale.id,
  at,
  outcome: name,
  desiredCount: name === 'applied' ? 5 : null,
  why: name === 'applied' ? 'Desired count changed from 2 to 5.' : 'ecs:UpdateService: AccessDeniedException.',
});

const schema: object = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../docs/events.schema.json'), 'utf8'));
const valid = new Ajv2020({ allErrors: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } }).compile(schema);

function stage(put?: EventBus['put']) {
  const clock = createVirtualClock(T0);
  const events: NoticeEvent[] = [];
  const calls: number[] = [];
  const bus: EventBus = {
    put: async (batch, signal) => {
      calls.push(batch.length);
      await put?.(batch, signal);
      events.push(...batch);
    },
  };
  const notices = createNotices(bus, { stage: 'prod', deployment: 'sluice' }, clock);
  const details = () =>
    events.map(({ DetailType, Detail }): Record<string, unknown> => {
      const detail = JSON.parse(Detail);
      expect(valid({ source: 'sluice', 'detail-type': DetailType, detail }), JSON.stringify(valid.errors)).toBe(true);
      return detail;
    });
  return { clock, notices, events, calls, details };
}

describe('notices', () => {
  test('a decision that was applied is told with its outcome, in one sentence for people', async () => {
    const { notices, events, details } = stage();
    notices.journal.outcome(about, outcome('applied'), { decision: scale });
    expect(await notices.flush()).toEqual({ told: 1, lost: 0 });
    expect(events[0]).toMatchObject({ Source: 'sluice', DetailType: 'Sluice Scaling', Time: Math.floor(T0 / 1000) });
    expect(details()).toEqual([
      {
        version: 1,
        stage: 'prod',
        deployment: 'sluice',
        severity: 'info',
        at: new Date(T0 + 400).toISOString(),
        code: 'AboveTarget',
        why: scale.why,
        text: 'Sluice prod acme/web: 2 → 5 tasks, applied. Scaling web from 2 to 5: p95 queue time 340 ms is over 50 ms.',
        customer: 'acme',
        service: 'web',
        decision: { id: scale.id, at: new Date(T0).toISOString(), kind: 'scale', from: 2, to: 5, code: 'AboveTarget', why: scale.why },
        outcome: { outcome: 'applied', at: new Date(T0 + 400).toISOString(), desiredCount: 5, why: 'Desired count changed from 2 to 5.' },
      },
    ]);
  });

  test.each([
    ['AccessDenied', 'critical'],
    ['TrustTooOpen', 'critical'],
    ['ServiceNotFound', 'warning'],
    ['SomethingNew', 'warning'],
  ])('the problem %s is %s', async (code, severity) => {
    const { notices, details } = stage();
    notices.journal.problem(about, { code, why: 'It is so.', at: T0 });
    await notices.flush();
    expect(details()).toMatchObject([{ severity, code, text: `Sluice prod [${severity}] acme/web: ${code}: It is so.` }]);
  });

  test('a finding about an account names the account; one that is mended is no trouble', async () => {
    const { notices, details } = stage();
    notices.journal.warn('The role can be assumed without an external ID.', {
      customer: 'acme',
      account: '111122223333',
      code: 'TrustTooOpen',
    });
    notices.journal.warn('A finding about an account is mended', {
      customer: 'acme',
      account: '111122223333',
      code: 'RoleMissing',
      since: 'x',
    });
    notices.journal.warn('Only for whoever reads the log', { customer: 'acme' });
    await notices.flush();
    expect(details()).toMatchObject([{ customer: 'acme', account: '111122223333', code: 'TrustTooOpen', severity: 'critical' }]);
  });

  test('holds of the daily work are not told, those that somebody has to mend are', async () => {
    const { notices, details } = stage();
    for (const code of ['WithinRange', 'ScaleInStabilizing', 'AnotherAutoscaler', 'TasksNotStarting'])
      notices.journal.decision(about, hold(code));
    notices.journal.decision(about, scale);
    await notices.flush();
    expect(details().map(({ code }) => code)).toEqual(['AnotherAutoscaler', 'TasksNotStarting']);
  });

  test('the same trouble is told once an hour', async () => {
    const { notices, clock, details } = stage();
    for (let minute = 0; minute < 120; minute++) {
      notices.journal.problem(about, { code: 'AccessDenied', why: 'Denied.', at: clock.now() });
      await notices.flush();
      await clock.advance(60_000);
    }
    expect(details()).toHaveLength(2);
  });

  test('an outcome that went wrong as the one before it did is not told again, by any instance of the function', async () => {
    const { notices, details } = stage();
    notices.journal.outcome(about, outcome('refused'), { decision: scale, before: outcome('refused', T0 - 20_000) });
    await notices.flush();
    expect(details()).toEqual([]);
  });

  test('goes out ten at a time, and no more than fifty from one invocation', async () => {
    const { notices, calls } = stage();
    for (let i = 0; i < 70; i++)
      notices.journal.problem({ customer: 'acme', service: `s${i}` }, { code: 'ServiceInactive', why: '.', at: T0 });
    expect(await notices.flush()).toEqual({ told: 50, lost: 0 });
    expect(calls).toEqual([10, 10, 10, 10, 10]);
  });

  test('a bus that hangs costs a second and no more; what it did not take is lost and said', async () => {
    const { notices, clock } = stage(() => new Promise(() => undefined));
    notices.journal.problem(about, { code: 'AccessDenied', why: 'Denied.', at: T0 });
    const flushed = notices.flush();
    await clock.advance(1_000);
    expect(await flushed).toEqual({ told: 0, lost: 1, why: 'no answer within 1000 ms' });
    expect(clock.pending).toBe(0);
  });

  test('a bus that refuses harms nothing', async () => {
    const { notices } = stage(() => Promise.reject(new Error('events:PutEvents: denied')));
    notices.journal.problem(about, { code: 'AccessDenied', why: 'Denied.', at: T0 });
    expect(await notices.flush()).toEqual({ told: 0, lost: 1, why: 'events:PutEvents: denied' });
  });
});
