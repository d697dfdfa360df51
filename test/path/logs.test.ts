import { describe, expect, it } from 'vitest';
import { sessionName } from '../../lib/aws/session-name.ts';
import { jsonJournal } from '../../lib/journal.ts';
import { aPolicy } from '../builders/policies.ts';
import { minutes } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const slow = Array.from({ length: 40 }, () => 340);

/** A day's worth of events, good and bad, with the lines that deployed functions would write. */
async function day() {
  const lines: string[] = [];
  const system = wholeSystem({ journal: (now) => jsonJournal((line) => void lines.push(line), now) });
  const prepared = await system.api('POST', '/v1/accounts', { customer: 'acme', accountId: '111122223333' });
  await system.connect();
  system.aws.put({ arn: WEB, desired: 2, running: 2 });
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy({ min: 1 }) }]);
  const token = tokens.get('web') ?? '';
  await system.tick();
  await system.report(token, webReport(system.clock.now(), slow));
  await system.deliver();
  await system.report('sluice-guessed-token', webReport(system.clock.now(), slow));
  await system.report(token, '{"not": "a report"}');
  await system.report(token, 'not even JSON');
  await system.clock.advance(minutes(6));
  await system.tick();
  return { lines, token, externalId: (prepared.body as { externalId: string }).externalId };
}

describe('log lines', () => {
  it('are one line of JSON each, with time, level and type', async () => {
    const { lines } = await day();
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect(line).not.toContain('\n');
      expect(JSON.parse(line)).toMatchObject({
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        level: expect.stringMatching(/^(INFO|WARN)$/),
        type: expect.stringMatching(/^(decision|outcome|problem|warning)$/),
      });
    }
  });

  it('hold no report token, no part of one that proves anything, and no external ID', async () => {
    const { lines, token, externalId } = await day();
    const text = lines.join('\n');
    expect(token.length).toBeGreaterThan(20);
    expect(externalId).toMatch(/^sluice-[0-9a-f]{32}$/);
    for (const secret of [token, externalId, ...token.split(/[.~_-]/).filter((part) => part.length >= 16)])
      expect(text).not.toContain(secret);
    expect(text).not.toContain('guessed');
  });

  it("lead from the decision, with its whole trail, by its id to the outcome and to the session in the customer's CloudTrail", async () => {
    const { lines } = await day();
    const said = lines.map((line): Record<string, unknown> => JSON.parse(line));
    const [decision] = said.filter(({ type, kind }) => type === 'decision' && kind === 'scale');
    const id = String(decision?.['id']);
    expect(decision).toMatchObject({
      customer: 'acme',
      service: 'web',
      trail: expect.arrayContaining([expect.objectContaining({ rule: expect.any(String) })]),
    });
    expect(said.filter(({ type, decision }) => type === 'outcome' && decision === id)).toHaveLength(1);
    expect(sessionName('sluice', 'scale', id)).toBe(`sluice.sluice.scale.${id}`);
  });
});
