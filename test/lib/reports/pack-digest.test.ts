import { describe, expect, it } from 'vitest';
import type { Digest, QueueReadings, WebStep } from '../../../lib/reports/digest.ts';
import { digestReport } from '../../../lib/reports/digest-report.ts';
import { PART_BYTES, packDigest, unpackDigest } from '../../../lib/reports/pack-digest.ts';
import { type Sketch, SketchSum } from '../../../lib/reports/sketch.ts';
import fc from '../../builders/fast-check.ts';
import { aRawReport, captured, parsed } from '../../builders/reports.ts';
import { T0 } from '../../builders/times.ts';

const S = T0 / 1000;
const digestOf = (metrics: readonly unknown[]) => digestReport(aRawReport(metrics), T0).digest;

/** What the parts of a report add up to. */
function joined(parts: readonly Uint8Array[]): Digest {
  const digests = parts.map((part) => unpackDigest(part)).filter((digest) => digest !== undefined);
  expect(digests.length).toBe(parts.length);
  expect(digests.map(({ continued }) => continued)).toEqual(parts.map((_, i) => i > 0));
  const steps = new Map<number, WebStep[]>();
  for (const step of digests.flatMap(({ web }) => web)) steps.set(step.step, [...(steps.get(step.step) ?? []), step]);
  const queues = new Map<string, QueueReadings>();
  for (const [name, readings] of digests.flatMap((digest) => [...digest.queues])) {
    expect(queues.has(name)).toBe(false);
    queues.set(name, readings);
  }
  const web = [...steps].map(([step, of]) => ({
    step,
    queueTime: merged(of.map(({ queueTime }) => queueTime)),
    appTime: merged(of.map(({ appTime }) => appTime)),
    networkTime: of
      .map(({ networkTime }) => networkTime)
      .reduce((a, b) => ({ count: a.count + b.count, sum: a.sum + b.sum, max: Math.max(a.max, b.max) })),
  }));
  return { ...(digests[0] as Digest), web, queues };
}
function merged(sketches: readonly Sketch[]): Sketch {
  const sum = new SketchSum();
  for (const sketch of sketches) sum.addSketch(sketch);
  return sum.toSketch();
}

const time = fc.oneof(
  fc.integer({ min: -290, max: 5 }).map((s) => S + s),
  fc.integer({ min: -290_000, max: 5_000 }).map((ms) => (T0 + ms) / 1000),
);
const value = fc.oneof(fc.nat(300), fc.nat(600_000), fc.double({ min: 0, max: 1_000, noNaN: true }));
const request = fc.tuple(time, value, fc.constantFrom('qt', 'at', 'nt'), fc.constant(null));
const queueName = fc.oneof(
  fc.constantFrom('default', 'mailers', 'mailers:low', 'ä', '列', '\ufeffmarked'),
  fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
);
const job = fc.tuple(time, fc.nat(100_000), fc.constantFrom('qt', 'qd', 'busy'), queueName);
const up = fc.tuple(time, fc.nat(100), fc.constant('up'), fc.constant(null));
const digests = fc
  .oneof(
    fc.array(fc.oneof(request, job, up), { maxLength: 100 }),
    fc.array(request, { maxLength: 400, size: 'max' }),
    fc.array(job, { maxLength: 60, size: 'max' }),
  )
  .map(digestOf);

describe('packing a digest', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(digests, (digest) => {
        const parts = packDigest(digest);
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(PART_BYTES);
        expect(joined(parts)).toEqual(digest);
      }),
      { numRuns: 500 },
    );
  });

  it('makes one small part of a sign of life', () => {
    const parts = packDigest(digestOf([]));
    expect(parts.map(({ length }) => length)).toEqual([8]);
    expect(unpackDigest(parts[0] as Uint8Array)).toEqual(digestOf([]));
  });

  it('makes one part of a usual web report with thousands of requests', () => {
    const metrics: unknown[] = [[S, 64, 'up', null]];
    // Log-normal times about 20 and 80 ms, as web services have them, by a fixed sequence.
    const normal = (i: number) => Math.sqrt(-2 * Math.log(((i * 7_919) % 9_973) / 9_973 + 1e-4)) * Math.cos(i);
    for (let i = 0; i < 3_000; i++) {
      const at = S - (i % 10);
      metrics.push(
        [at, Math.floor(20 * Math.exp(0.8 * normal(i))), 'qt', null],
        [at, Math.floor(80 * Math.exp(0.7 * normal(i + 5_000))), 'at', null],
        [at, i % 3, 'nt', null],
      );
    }
    expect(packDigest(digestOf(metrics)).map(({ length }) => length < PART_BYTES)).toEqual([true]);
  });

  it('makes one part of a report of 20 queues with names of 15 characters, beside web samples', () => {
    const metrics: unknown[] = [[S, 64, 'up', null]];
    for (let i = 0; i < 20; i++) {
      const name = `${(i * 7_919 + 104_729).toString(36)}-some-long-queue-name`.slice(0, 15);
      metrics.push([S, 12_345 * i, 'qt', name], [S, 500 * i, 'qd', name], [S, i, 'busy', name]);
    }
    for (let i = 0; i < 200; i++) metrics.push([S - (i % 10), (i * i) % 60, 'qt', null], [S - (i % 10), (i * 13) % 90, 'at', null]);
    const { queues } = digestOf(metrics);
    expect(queues.size).toBe(20);
    expect(packDigest(digestOf(metrics))).toHaveLength(1);
  });

  it('spreads a thousand queues with the longest names over as many parts as it takes', () => {
    const digest = digestOf(
      Array.from({ length: 1_000 }, (_, i) => [S - (i % 3), i * 1_000_000, 'qd', `${i}`.padStart(256, '列ä'.repeat(40)).slice(-120)]),
    );
    const parts = packDigest(digest);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(PART_BYTES);
    expect(joined(parts)).toEqual(digest);
  });

  it('spreads the widest sketches over several parts', () => {
    const metrics: unknown[] = [];
    for (let i = 0; i < 40_000; i++) metrics.push([S, Math.exp((i / 40_000) * 18 - 5), i % 2 ? 'qt' : 'at', null]);
    const digest = digestOf(metrics);
    const parts = packDigest(digest);
    expect(parts.length).toBeGreaterThan(1);
    expect(joined(parts)).toEqual(digest);
  });

  it('keeps what adapters really sent', () => {
    for (const file of ['node-express.json', 'node-bullmq.json', 'python-flask.json', 'ruby-rack-sidekiq.json']) {
      const { body, receivedAt } = captured(file);
      const { digest } = digestReport(parsed(body), receivedAt);
      expect(packDigest(digest)).toHaveLength(1);
      expect(joined(packDigest(digest))).toEqual(digest);
    }
  });
});

describe('unpacking', () => {
  it('never throws on bytes that are no digest', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, versioned) => {
        if (versioned && bytes.length > 0) bytes[0] = 1;
        expect(() => unpackDigest(bytes)).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });

  it('never throws on a digest with bytes changed or cut off', () => {
    fc.assert(
      fc.property(digests, fc.nat(), fc.nat(255), fc.nat(), (digest, at, byte, end) => {
        const [part] = packDigest(digest) as [Uint8Array];
        const broken = part.slice(0, 1 + (end % part.length));
        broken[at % broken.length] = byte;
        expect(() => unpackDigest(broken)).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['no bytes', []],
    ['another version', [2, 0, 5]],
    ['an unknown section', [1, 0, 5, 9, 0]],
    ['a number without an end', [1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255]],
  ])('refuses %s', (_, bytes) => {
    expect(unpackDigest(Uint8Array.from(bytes))).toBeUndefined();
  });

  it('refuses every digest that was cut off within its last section', () => {
    const [part] = packDigest(
      digestOf([
        [S, 5, 'qd', 'default'],
        [S, 7, 'qd', 'mailers'],
      ]),
    ) as [Uint8Array];
    for (let end = 0; end < part.length; end++) expect([0, 8]).toContain(unpackDigest(part.slice(0, end)) ? end : 0);
  });
});
