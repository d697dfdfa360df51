import { describe, expect, it } from 'vitest';
import { AwsFailure } from '../../lib/aws/aws-failure.ts';
import type { ServiceConfig } from '../../lib/policy/policy.ts';
import { keys } from '../../lib/stores/keys.ts';
import { aPolicy } from '../builders/policies.ts';
import { seconds } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
/** The one that something is wrong with, its neighbours in the same account, customer and installation. */
const POOR = 'arn:aws:ecs:us-east-1:111122223333:service/poor/poor';
const services: readonly ServiceConfig[] = [
  // First, for a group is decided once for the reports of a moment, and those of the first one begin it.
  { customer: 'acme', name: 'same-group', arn: 'arn:aws:ecs:us-west-2:111122223333:service/near/same-group' },
  { customer: 'acme', name: 'poor', arn: POOR },
  { customer: 'acme', name: 'same-account', arn: 'arn:aws:ecs:us-west-2:111122223333:service/near/same-account' },
  { customer: 'acme', name: 'same-customer', arn: 'arn:aws:ecs:us-east-1:444455556666:service/far/same-customer' },
  { customer: 'umbrella', name: 'stranger', arn: 'arn:aws:ecs:us-east-1:111122223333:service/poor/stranger' },
].map((service) => ({
  ...service,
  group: service.name === 'same-group' ? 'poor' : service.name,
  policy: aPolicy({ mode: 'on', min: 2, max: 20 }),
}));

type System = ReturnType<typeof wholeSystem>;
interface Trouble {
  /** Before the traffic begins. */
  readonly begin?: (system: System) => unknown;
  /** What the poor one's adapter sends instead. */
  readonly report?: (at: number) => unknown;
  /** What it cannot but harm as well. */
  readonly harms?: readonly string[];
}

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
const troubles: Readonly<Record<string, Trouble>> = {
  'an account that cannot be reached': {
    begin: ({ aws }) => aws.removeRole(`arn:aws:iam::${ACCOUNT}:role/sluice/acme`),
    harms: ['same-account', 'same-group'],
  },
  'a Region that throttles': {
    begin: ({ aws }) => {
      aws.before = (action, { parameters, session }) => {
        if (parameters['cluster'] !== 'poor' || JSON.stringify(parameters).includes('stranger')) return;
        throw new AwsFailure('throttled', action, `ThrottlingException in ${session}`);
      };
    },
  },
  'reports that are no JSON': { report: () => '{"container":' },
  'reports that are nested deep': { report: () => `{"container":"c","pid":1,"metrics":${nested(50_000)}}` },
  'reports too large': { report: (at) => JSON.stringify(webReport(at, [900])).padEnd(5 * 1024 * 1024 + 1) },
  'samples that are no measurements': {
    report: (at) => ({ ...webReport(at, []), metrics: [[at / 1_000, null, 'qt', null], [at, 'x', 'at', null], [1e300, -1, 'qt', {}], 7] }),
  },
  'a stored memory that nobody can read': {
    begin: ({ table }) => table.put({ ...keys.control('acme', 'poor', 'poor'), schema: 1, memory: 'rubbish', state: [] }),
  },
  'a stored policy that nobody can read': {
    begin: ({ table }) => table.put({ ...keys.config('acme', 'poor', 'poor'), schema: 1, policy: { min: 'many' } }),
  },
};

/** Two minutes of queues and four of calm at all of them; what was decided and what was changed at each, and when. */
async function play({ begin, report }: Trouble) {
  const system = wholeSystem();
  for (const { arn } of services) system.aws.put({ arn, desired: 2, running: 2 });
  await system.connect('acme', ACCOUNT);
  await system.connect('acme', OTHER);
  await system.connect('umbrella', ACCOUNT);
  const tokens = new Map([
    ...(await system.apply(services.filter(({ customer }) => customer === 'acme'))).tokens,
    ...(await system.apply(services.filter(({ customer }) => customer === 'umbrella'))).tokens,
  ]);
  await system.tick();
  await begin?.(system);
  const began = system.clock.now();
  for (let second = 0; second <= 360; second += 10) {
    const at = system.clock.now();
    const times = Array.from({ length: 60 }, () => (second < 120 ? 900 : 1));
    for (const { name } of services) {
      const { status } = await system.report(tokens.get(name) ?? '', name === 'poor' && report ? report(at) : webReport(at, times));
      if (name !== 'poor') expect(status, name).toBe(200);
    }
    // It does its work for all and then says what went wrong.
    if (second % 60 === 0) await system.tick().catch(() => undefined);
    await system.deliver();
    for (const { arn } of services) system.aws.put({ arn, running: system.aws.service(arn)?.desired ?? 0 });
    await system.clock.advance(seconds(10));
  }
  return (name: string) => ({
    decided: system.told.decisions
      .filter(({ service }) => service === name)
      .map(({ decision: { at, kind, from, to, why } }) => ({ at: at - began, kind, from, to, why })),
    became: system.told.outcomes
      .filter(({ service }) => service === name)
      .map(({ outcome: { at, outcome, desiredCount } }) => ({ at: at - began, outcome, desiredCount })),
  });
}

describe.each(Object.entries(troubles))('%s', (_what, trouble) => {
  it('harms its own service only: all others are scaled at the same moments to the same counts', async () => {
    const [quiet, troubled] = [await play({}), await play(trouble)];
    expect(troubled('poor')).not.toEqual(quiet('poor'));
    for (const { name } of services) {
      if (name === 'poor' || trouble.harms?.includes(name)) continue;
      const { decided, became } = troubled(name);
      expect(became.filter(({ outcome }) => outcome === 'applied').length, name).toBeGreaterThan(0);
      expect({ decided, became }, name).toEqual(quiet(name));
    }
  });
});
