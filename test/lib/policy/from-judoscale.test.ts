import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';

const text = readFileSync(new URL('../../../docs/from-judoscale.md', import.meta.url), 'utf8');
const yaml = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';

describe("the documented equal of Judoscale's settings", () => {
  const result = parsePolicyFile(yaml, { source: 'docs/from-judoscale.md', defaultMode: 'observe' });
  const [web, worker] = result.ok ? result.file.services : [];

  it('is a right file', () => expect(result).toMatchObject({ ok: true, warnings: [] }));

  it('means the same for a web service', () => {
    // upscale at 100 ms by 2 every 120 s after 10 s; downscale at 50 ms by 1 every 600 s; range 2 to 12.
    expect(web?.policy).toMatchObject({
      mode: 'on',
      min: 2,
      max: 12,
      targets: [{ kind: 'request-queue-time', topMs: 100, lowMs: 50, by: 'range', step: { out: 2, in: 1 } }],
      behavior: { scaleOut: { cooldownMs: 120_000, stabilizeMs: 10_000 }, scaleIn: { stabilizeMs: 600_000, cooldownMs: 600_000 } },
    });
    expect(web?.policy.behavior).not.toHaveProperty('panic');
  });

  it('means the same for a worker of chosen queues', () => {
    expect(worker?.policy).toMatchObject({
      targets: [{ kind: 'job-latency', queues: ['default', 'mailers'], topMs: 10_000, lowMs: 5_000, by: 'range', step: { out: 1, in: 1 } }],
      behavior: { busy: 'hold' },
    });
  });

  it('names every setting of the settings API', () => {
    const settings = [
      'autoscaling_enabled',
      'range_min',
      'range_max',
      'upscale_threshold',
      'upscale_quantity',
      'upscale_interval_seconds',
      'upscale_sensitivity_seconds',
    ];
    for (const setting of [
      ...settings,
      'downscale_threshold',
      'downscale_quantity',
      'downscale_interval_seconds',
      'autoscale_metrics',
      'all_queues',
      'queue_names',
    ]) {
      expect(text, setting).toContain(`\`${setting}\``);
    }
  });
});
