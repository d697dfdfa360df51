import { describe, expect, it } from 'vitest';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import { bodyHash, reporterId, shardOf } from '../../../lib/reports/report-identity.ts';
import { captured, capturedAll, parsed, storedUnder } from '../../builders/reports.ts';

describe('the identity of a report', () => {
  it('is the same for each copy of the bodies that an adapter sent again to a hanging server', () => {
    const requests = capturedAll('node-express-hanging-server.json');
    const bodies = new Set(requests.map(({ body }) => body));
    const identities = new Set(requests.map((request) => JSON.stringify(storedUnder(request))));
    expect(requests).toHaveLength(20);
    expect(bodies.size).toBeLessThan(requests.length);
    expect(identities.size).toBe(bodies.size);
  });

  it('does not change with the time of arrival', () => {
    for (const file of ['node-express.json', 'node-bullmq.json', 'python-flask.json', 'ruby-rack-sidekiq.json']) {
      const request = captured(file);
      for (const late of [1_000, 5_220, 10_730, 60_000])
        expect(storedUnder(request, request.receivedAt + late)).toEqual(storedUnder(request));
    }
  });

  it('is another for each empty report, which are all the same text', () => {
    const request = captured('node-idle-trailing-slash.json');
    const first = storedUnder(request);
    const next = storedUnder(request, request.receivedAt + 10_000);
    expect(next.slotAt).toBe(first.slotAt + 10_000);
    expect(next.hash).not.toBe(first.hash);
  });

  it('tells processes and services apart', () => {
    const ids = [
      reporterId('web', 'a', '1'),
      reporterId('web', 'a', '2'),
      reporterId('web', 'b', '1'),
      reporterId('api', 'a', '1'),
      reporterId('web', 'a1', ''),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{11}$/);
  });

  it('tells bodies apart', () => {
    const { body, receivedAt } = captured('node-express.json');
    const { digest } = digestReport(parsed(body), receivedAt);
    expect(bodyHash(body, digest)).not.toBe(bodyHash(`${body} `, digest));
  });

  it('spreads reporters evenly over shards, always to the same', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4_000; i++) {
      const id = reporterId('web', `task-${i}`, '1');
      const shard = shardOf(id, 4);
      expect(shardOf(id, 4)).toBe(shard);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(900);
    expect(shardOf(reporterId('web', '', '1'), 1)).toBe(0);
  });
});
