import { describe, expect, test } from 'vitest';
import type { NoticeEvent } from '../../../lib/telemetry/notice.ts';
import { createTelemetry } from '../../../lib/telemetry/telemetry.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { T0 } from '../../builders/times.ts';

const scheduled = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };
const context = { awsRequestId: 'request-1' };
const monitor = 'https://monitor.example/ping/a-secret';

function stage(options: { readonly put?: () => Promise<void>; readonly ask?: () => Promise<void> } = {}) {
  const clock = createVirtualClock(T0);
  const lines: string[] = [];
  const events: NoticeEvent[] = [];
  const asked: string[] = [];
  const telemetry = createTelemetry({
    name: 'tick',
    stage: 'prod',
    deployment: 'sluice',
    clock,
    write: (line) => void lines.push(line),
    bus: {
      put: async (batch) => {
        await options.put?.();
        events.push(...batch);
      },
    },
    heartbeat: {
      url: monitor,
      ask: async (url) => {
        asked.push(url);
        await options.ask?.();
      },
    },
  });
  const said = () => lines.map((line): Record<string, unknown> => JSON.parse(line));
  return { clock, telemetry, lines, said, events, asked };
}

describe('what a function says to the outside', () => {
  test('each line names the function and the request that it belongs to', async () => {
    const { telemetry, said } = stage();
    await telemetry.around(async () => telemetry.journal.warn('Something', { customer: 'acme' }))(scheduled, context);
    expect(said()).toEqual([
      {
        message: 'Something',
        customer: 'acme',
        function: 'tick',
        requestId: 'request-1',
        timestamp: new Date(T0).toISOString(),
        level: 'WARN',
        type: 'warning',
      },
    ]);
  });

  test('a handler that fails fails as before, and what was told until then goes out', async () => {
    const { telemetry, events, said, asked } = stage();
    const failing = telemetry.around(async () => {
      telemetry.journal.problem({ customer: 'acme', service: 'web' }, { code: 'AccessDenied', why: 'Denied.', at: T0 });
      throw new Error('the store is gone');
    });
    await expect(failing(scheduled, context)).rejects.toThrow('the store is gone');
    expect(events).toHaveLength(1);
    expect(said().find(({ type, Code }) => type === 'metrics' && Code === undefined)).toMatchObject({ TrustBroken: 1 });
    // A monitor that hears of a failed minute would sleep through it.
    expect(asked).toEqual([]);
  });

  test('an answer of 503 is counted, since Lambda counts no error', async () => {
    const { telemetry, said } = stage();
    await telemetry.around(async () => ({ statusCode: 503 }))({}, context);
    expect(said()).toMatchObject([{ type: 'metrics', Stage: 'prod', Function: 'tick', FailedRequests: 1 }]);
  });

  test('a batch of which some records are given back is counted, since Lambda counts no error', async () => {
    const { telemetry, said } = stage();
    await telemetry.around(async () => ({ batchItemFailures: [] }))({}, context);
    expect(said()).toEqual([]);
    await telemetry.around(async () => ({ batchItemFailures: [{ itemIdentifier: '1' }] }))({}, context);
    expect(said()).toMatchObject([{ type: 'metrics', Stage: 'prod', FailedRequests: 1 }]);
  });

  test('the monitor is asked after each minute, not after each shard', async () => {
    const { telemetry, asked } = stage();
    const tick = telemetry.around(async () => undefined);
    await tick(scheduled, context);
    await tick({ watches: [] }, context);
    expect(asked).toEqual([monitor]);
  });

  test('a monitor that hangs holds tick up for two seconds at most, and its URL is in no line', async () => {
    const { telemetry, clock, lines, said } = stage({ ask: () => new Promise(() => undefined) });
    const done = telemetry.around(async () => 'done')(scheduled, context);
    await clock.advance(2_000);
    expect(await done).toBe('done');
    expect(said()).toMatchObject([{ message: 'The heartbeat was not heard', why: 'no answer within 2000 ms' }]);
    expect(lines.join()).not.toContain('a-secret');
  });

  test('notices that nobody took are counted and said, and the invocation succeeds', async () => {
    const { telemetry, said } = stage({ put: () => Promise.reject(new Error('denied')) });
    const answer = await telemetry.around(async () => {
      telemetry.journal.problem({ customer: 'acme', service: 'web' }, { code: 'ServiceInactive', why: '.', at: T0 });
      return 'done';
    })(scheduled, context);
    expect(answer).toBe('done');
    expect(said().map(({ type, message, NoticesLost }) => message ?? NoticesLost ?? type)).toEqual([
      'problem',
      'Notices could not be told',
      'metrics',
      1,
    ]);
  });
});
