import { describe, expect, it } from 'vitest';
import { MAX_REPORT_BYTES } from '../../lib/reports/parse-report.ts';
import { aPolicy } from '../builders/policies.ts';
import { wholeSystem } from '../fakes/whole-system.ts';

const WEB = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';

async function web() {
  const system = wholeSystem();
  await system.connect();
  system.aws.put({ arn: WEB, desired: 2, running: 2 });
  const { tokens } = await system.apply([{ customer: 'acme', name: 'web', group: 'shop', arn: WEB, policy: aPolicy() }]);
  await system.tick();
  return { system, token: tokens.get('web') ?? '' };
}

describe('the largest report', () => {
  it('a report of 5 MB to the byte is accepted, stored and acted upon; with one byte more it is refused and stored nowhere', async () => {
    const { system, token } = await web();
    const stored = () => system.table.items().filter((item) => item.pk.includes('#r#')).length;
    const largest = reportOfBytes(system.clock.now(), MAX_REPORT_BYTES);
    const more = `${largest.body} `;
    const refused = await system.report(token, more);
    expect(refused).toMatchObject({ status: 413, body: { code: 'ReportTooLarge' } });
    expect(stored()).toBe(0);
    const accepted = await system.report(token, largest.body);
    expect(accepted).toEqual({ status: 200, body: { accepted: largest.samples, dropped: {}, ignored: 0 } });
    expect(stored()).toBeGreaterThan(0);
    await system.deliver();
    expect(system.aws.service(WEB)?.desired).toBeGreaterThan(2);
  });

  it('5 MB are counted in bytes, not in characters', async () => {
    const { system, token } = await web();
    const body = `{"metrics":[],"x":"${'é'.repeat(MAX_REPORT_BYTES / 2)}"}`;
    expect(body.length).toBeLessThan(MAX_REPORT_BYTES);
    expect((await system.report(token, body)).status).toBe(413);
  });
});

/** As many slow requests as fit, filled up with spaces, which JSON allows between its parts. */
function reportOfBytes(at: number, bytes: number): { readonly body: string; readonly samples: number } {
  const sample = JSON.stringify([Math.floor(at / 1000), 340, 'qt', null]);
  const frame = '{"container":"c","pid":1,"metrics":[]}';
  const samples = Math.floor((bytes - frame.length + 1) / (sample.length + 1));
  const body = frame.replace('[]', `[${Array.from({ length: samples }, () => sample).join(',')}]`);
  return { body: body.padEnd(bytes), samples };
}
