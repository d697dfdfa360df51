import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import { captured, capturedAll, parsed } from '../../builders/reports.ts';

const digested = (file: string) => {
  const { body, receivedAt } = captured(file);
  return digestReport(parsed(body), receivedAt);
};

describe('reports of the published adapters', () => {
  it('are all understood, down to the last sample', () => {
    const files = readdirSync('events/reports').filter((file) => file.endsWith('.json'));
    expect(files.length).toBeGreaterThan(5);
    for (const { body, receivedAt } of files.flatMap(capturedAll)) {
      const report = parsed(body);
      const { accepted, ignored, dropped } = digestReport(report, receivedAt);
      const garbled = body.includes('"logger":"Logger"') ? { TooLarge: 1 } : {};
      expect({ ignored, dropped }).toEqual({ ignored: 0, dropped: garbled });
      expect(accepted + Object.keys(garbled).length).toBe(report.metrics.length);
    }
  });

  it('of Express hold queue times, app times and utilisation', () => {
    const { digest } = digested('node-express.json');
    expect(digest.web).toMatchObject([{ step: 0, queueTime: { count: 6, zero: 1, max: 480 }, appTime: { count: 9, max: 801 } }]);
    expect(digest.utilization?.value).toBe(0.93);
  });

  it('of BullMQ hold depth and running jobs, and no latency', () => {
    expect(digested('node-bullmq.json').digest.queues).toMatchObject(
      new Map([
        ['critical', { depth: { value: 1 }, busy: { value: 0 } }],
        ['emails', { depth: { value: 6 }, busy: { value: 2 } }],
      ]),
    );
    expect(digested('node-bullmq.json').digest.queues.get('emails')).not.toHaveProperty('latency');
  });

  it('of Python may lie half a second ahead', () => {
    const { digest } = digested('python-flask.json');
    expect(digest.base).toBeGreaterThan(captured('python-flask.json').receivedAt);
  });

  it('of Ruby mix web and jobs, and a garbled header costs one sample only', () => {
    const { digest, dropped } = digested('ruby-rack-sidekiq.json');
    expect(dropped).toEqual({ TooLarge: 1 });
    expect(digest.web[0]?.queueTime.max).toBe(559);
    expect(digest.queues.get('default')).toMatchObject({ latency: { value: 12_954 }, depth: { value: 1 }, busy: { value: 0 } });
  });

  it('without samples are signs of life', () => {
    const { digest, accepted } = digested('node-idle-trailing-slash.json');
    expect(accepted).toBe(0);
    expect(digest.base).toBe(captured('node-idle-trailing-slash.json').receivedAt);
  });
});
