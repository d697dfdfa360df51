import { describe, expect, it } from 'vitest';
import { figuresJournal } from '../../lib/telemetry/figures.ts';
import type { Meter } from '../../lib/telemetry/meter.ts';
import { aPolicy } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const slow = Array.from({ length: 40 }, () => 340);

/** A service under care, and the times that were measured. */
async function shop(policy = aPolicy({ min: 1 })) {
  const times: number[] = [];
  const meter: Meter = { count: () => undefined, time: (name, ms) => void (name === 'ReportToUpdate' && times.push(ms)), lines: () => [] };
  const system = wholeSystem({ journal: () => figuresJournal(meter) });
  await system.connect();
  system.aws.put({ arn: WEB, desired: 2, running: 2 });
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy }]);
  await system.tick();
  return Object.assign(system, { times, token: tokens.get('web') ?? '' });
}

describe('the figure ReportToUpdate', () => {
  it('is the time from the arrival of the report until ECS had the count: reading, storing and deciding are in it', async () => {
    const system = await shop();
    // Each read of the table takes 200 ms while the report is taken, and the stream takes a second.
    let reads = 0;
    let moving = Promise.resolve();
    const { getMany, query } = system.table;
    system.table.query = async (...given) => {
      reads += 1;
      moving = moving.then(() => system.clock.advance(200));
      await moving;
      return query(...given);
    };
    const arrived = system.clock.now();
    await system.report(system.token, webReport(arrived, slow));
    Object.assign(system.table, { getMany, query });
    await system.clock.advance(seconds(1));
    await system.deliver();
    expect(reads).toBeGreaterThan(1);
    const [applied] = system.told.outcomes;
    expect(applied?.outcome.outcome).toBe('applied');
    expect(system.times).toEqual([reads * 200 + seconds(1)]);
    expect(system.times[0]).toBe((applied?.outcome.at ?? 0) - arrived);
    // Not from the beginning of the evaluation, which comes later.
    const decided = system.told.decisions.find(({ decision }) => decision.kind === 'scale')?.decision.at ?? 0;
    expect(decided).toBeGreaterThan(arrived);
  });

  it('is not counted for what time alone brought about', async () => {
    const system = await shop();
    await system.api('POST', '/v1/override', { customer: 'acme', service: 'web', min: 5, forMs: minutes(10) });
    await system.tick();
    await system.deliver();
    expect(system.told.outcomes.map(({ outcome }) => outcome.outcome)).toEqual(['applied']);
    expect(system.times).toEqual([]);
  });
});
