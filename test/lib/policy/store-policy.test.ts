import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { defaults } from '../../../lib/policy/defaults.ts';
import { allFeatures } from '../../../lib/policy/features.ts';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import { parseStoredServiceConfig, storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import { storedSchema } from '../../../lib/policy/stored-service.ts';
import fc from '../../builders/fast-check.ts';
import { anyService } from './any-service.ts';

// Many cases: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 60_000 });

function servicesOf(name: string) {
  const text = readFileSync(new URL(`./files/${name}`, import.meta.url), 'utf8');
  const result = parsePolicyFile(text, { source: name, defaultMode: 'observe', supported: allFeatures });
  if (!result.ok) throw new Error('refused');
  return result.file.services;
}

describe('a stored service', () => {
  it('comes back as it was, through JSON', () => {
    fc.assert(
      fc.property(anyService, (config) => {
        const stored: unknown = JSON.parse(JSON.stringify(storeServiceConfig(config)));
        expect(parseStoredServiceConfig(stored)).toEqual({ ok: true, config });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([...servicesOf('design.yml'), ...servicesOf('everything.yml')])(
    '$name of a file comes back with nothing added or lost',
    (config) => {
      expect(parseStoredServiceConfig(storeServiceConfig(config))).toStrictEqual({ ok: true, config });
    },
  );

  it('has no key without a value, which a table could not hold', () => {
    fc.assert(
      fc.property(anyService, (config) => {
        const stored = storeServiceConfig(config);
        expect(stored).toStrictEqual(JSON.parse(JSON.stringify(stored)));
      }),
    );
  });

  it('takes under 400 bytes for a usual service', () => {
    for (const config of servicesOf('design.yml')) expect(JSON.stringify(storeServiceConfig(config)).length).toBeLessThan(400);
  });

  it('leaves out what is the default', () => {
    const [web] = servicesOf('design.yml');
    expect(web && storeServiceConfig(web)).toEqual({
      schema: 2,
      customer: 'acme',
      name: 'web',
      group: 'shop',
      arn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/web',
      mode: 'on',
      min: 2,
      max: 40,
      targets: [
        { kind: 'request-queue-time', top: 50 },
        { kind: 'utilization', target: 0.7 },
      ],
      schedules: [{ name: 'weekday mornings', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', zone: 'America/New_York', min: 10 }],
    });
  });
});

it('what an older Sluice stored keeps the limit on scale-out that was the default then', () => {
  const [web] = servicesOf('design.yml');
  const stored = { ...(web && storeServiceConfig(web)), schema: 1 };
  const read = (value: unknown) => {
    const parsed = parseStoredServiceConfig(value);
    return parsed.ok ? parsed.config.policy.behavior.scaleOut : parsed.why;
  };
  const four = { tasks: 4, periodMs: 15_000 };
  expect(read(stored)).toEqual({ ...web?.policy.behavior.scaleOut, max: [four, { share: 1, periodMs: 15_000 }] });
  expect(read({ ...stored, behavior: { out: { max: [{ tasks: 2, per: 60_000 }], cooldown: 5_000 } } })).toMatchObject({
    max: [{ tasks: 2, periodMs: 60_000 }],
    cooldownMs: 5_000,
  });
});

describe('what is no stored service', () => {
  const [web] = servicesOf('design.yml');
  const stored = web ? storeServiceConfig(web) : {};

  it.each([
    ['nothing', null, /not a stored service/],
    ['text', 'web', /the whole/],
    ['one written by a newer Sluice', { ...stored, schema: 3 }, /schema/],
    ['one without bounds', { ...stored, min: undefined }, /min/],
    ['one with half a task', { ...stored, max: 1.5 }, /max/],
    ['one with a target that is not known', { ...stored, targets: [{ kind: 'moon-phase' }] }, /targets/],
    ['one with a key that is not known', { ...stored, extra: 1 }, /extra|the whole/],
  ])('%s is refused with its reason', (_, value, why) => {
    const result = parseStoredServiceConfig(value);
    expect(result.ok).toBe(false);
    expect(!result.ok && result.why).toMatch(why);
  });

  it('never makes it throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseStoredServiceConfig(value).ok).toBe(false);
      }),
    );
  });
});

it('the defaults are those that services of this schema were stored without', () => {
  // A change here changes every stored service that left the value out: raise storedSchema with it.
  const values = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if ('value' in node && 'why' in node) return node.value;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, values(child)]));
  };
  expect({ schema: storedSchema, defaults: values(defaults) }).toMatchSnapshot();
});
