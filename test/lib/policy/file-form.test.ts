import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { defaultBehavior } from '../../../lib/policy/default-values.ts';
import { allFeatures } from '../../../lib/policy/features.ts';
import { fileForm } from '../../../lib/policy/file-form.ts';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import type { ServiceConfig } from '../../../lib/policy/policy.ts';
import { reviewServices } from '../../../lib/policy/review-services.ts';
import { parseStoredServiceConfig, storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import fc from '../../builders/fast-check.ts';
import { anyService } from './any-service.ts';

// Many cases: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 60_000 });

const parse = (text: string) => parsePolicyFile(text, { source: 'file', defaultMode: 'observe', supported: allFeatures });
const servicesOf = (name: string): readonly ServiceConfig[] => {
  const result = parse(readFileSync(new URL(`./files/${name}`, import.meta.url), 'utf8'));
  if (!result.ok) throw new Error('refused');
  return result.file.services;
};
const written = (config: ServiceConfig) => stringify({ customer: config.customer, services: { [config.name]: fileForm(config) } });

const behaviorKeys = ['scaleOut', 'scaleIn', 'deadBand', 'panic', 'staleAfterMs', 'fallback', 'busy', 'respectManualMs'] as const;
/** One thing that is unusual at a time: of two that are, one is nearly always wrong. */
function likelyRight(any: ServiceConfig, key: (typeof behaviorKeys)[number]): ServiceConfig {
  const { mode, min, max, targets, schedules, behavior } = any.policy;
  const policy = {
    mode,
    min: Math.min(min, max),
    max: Math.max(min, max),
    targets: targets.slice(0, 1),
    schedules: schedules.slice(0, schedules.length % 2),
    behavior: schedules.length % 2 === 1 || behavior[key] === undefined ? defaultBehavior : { ...defaultBehavior, [key]: behavior[key] },
  };
  return { ...any, name: 'web', arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web', policy };
}

describe('a service written as a policy file', () => {
  it.each([...servicesOf('design.yml'), ...servicesOf('everything.yml')])('$name is read again as it was', (config) => {
    const again = parse(written(config));
    expect(again).toMatchObject({ ok: true });
    expect(again.ok && again.file.services).toEqual([config]);
  });

  it('is read again as it was, whatever it is, as long as it is one that a file may have', () => {
    let read = 0;
    fc.assert(
      fc.property(anyService, fc.constantFrom(...behaviorKeys), (any, key) => {
        const config = likelyRight(any, key);
        // A file keeps days in the order of the week.
        fc.pre(config.policy.schedules.every((s) => s.kind !== 'weekly' || s.days.every((day, i) => day > (s.days[i - 1] ?? 0))));
        const again = parse(written(config));
        if (!again.ok) return;
        read += 1;
        expect(again.file.services).toEqual([config]);
      }),
      { numRuns: 1_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});

describe('services that did not come from a file', () => {
  const [web] = servicesOf('design.yml');
  if (!web) throw new Error('design.yml has a service');
  const wrong = (change: object, policy: object = {}) =>
    reviewServices([{ ...web, ...change, policy: { ...web.policy, ...policy } } as ServiceConfig]);

  it.each([...servicesOf('design.yml')])('$name is as good as it was in its file', (config) => {
    expect(reviewServices([config])).toEqual([]);
  });

  it.each<[string, object, object, string]>([
    ['min over max', {}, { min: 9, max: 3 }, 'services.0.tasks.max'],
    ['more tasks than ECS runs', {}, { max: 5_001 }, 'from 0 to 5000'],
    ['no target', {}, { targets: [] }, '1 to 10 targets'],
    ['eleven targets', {}, { targets: Array.from({ length: 11 }, () => web.policy.targets[0]) }, '1 to 10 targets'],
    ['a name that reaches into other keys', { name: 'web#x' }, {}, "a service's name has"],
    ['a customer that reaches into other keys', { customer: '~operator' }, {}, "a customer's name has"],
    ['a group of no name', { group: 'Shop' }, {}, 'services.0.group'],
    ['an ARN of another service', { arn: 'arn:aws:sqs:us-east-1:111122223333:jobs' }, {}, 'services.0.arn'],
    ['a bottom over its top', {}, { targets: [{ ...web.policy.targets[0], lowMs: 60, topMs: 50 }] }, 'low has to be under'],
    ['a percentile that is none', {}, { targets: [{ ...web.policy.targets[0], percentile: 12 }] }, '`p12` is no key'],
    [
      'a cron pattern that begins each minute',
      {},
      { schedules: [{ kind: 'cron', name: 'x', cron: '* * * * *', forMs: 3_600_000, timezone: 'UTC', min: 1, lead: 'auto' }] },
      'more often than every 5 minutes',
    ],
    [
      'a day that never comes',
      {},
      { schedules: [{ kind: 'cron', name: 'x', cron: '0 0 31 2 *', forMs: 3_600_000, timezone: 'UTC', min: 1, lead: 'auto' }] },
      'never comes',
    ],
  ])('are refused for %s, with the rule of the file', (_what, change, policy, said) => {
    expect(wrong(change, policy).join('\n')).toContain(said);
  });

  it('are refused for every problem at once, and for one name or one ECS service given twice', () => {
    const problems = reviewServices([web, { ...web, policy: { ...web.policy, min: 9, max: 3 } }]);
    expect(problems.join('\n')).toContain('services.1.name: acme/web is services.0 already');
    expect(problems.join('\n')).toContain('one service has one policy');
    expect(problems.join('\n')).toContain('services.1.tasks.max');
  });

  it('are judged as files are: what one takes, the other does', () => {
    fc.assert(
      fc.property(anyService, fc.constantFrom(...behaviorKeys), (any, key) => {
        const config = likelyRight(any, key);
        const stored = parseStoredServiceConfig(storeServiceConfig(config));
        const asFile = parsePolicyFile(written(config), { source: 'file', defaultMode: 'observe' });
        expect(stored.ok && reviewServices([stored.config]).length === 0).toBe(asFile.ok);
      }),
      { numRuns: 500 },
    );
  });
});
