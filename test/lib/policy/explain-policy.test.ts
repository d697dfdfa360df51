import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../../lib/policy/explain-policy.ts';
import { allFeatures } from '../../../lib/policy/features.ts';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import fc from '../../builders/fast-check.ts';
import { anyService } from './any-service.ts';
import { withEntry } from './wrong-files.ts';

function explained(text: string, index = 0) {
  const result = parsePolicyFile(text, { source: 'sluice.yml', defaultMode: 'observe', supported: allFeatures });
  const service = result.ok ? result.file.services[index] : undefined;
  if (!service) throw new Error('refused');
  return explainPolicy(service);
}

describe('an explained policy', () => {
  it('lists every default in force with its reason, and what was given without one', () => {
    const rows = explained(withEntry('request-queue-time: { p95: 50ms }'));
    expect(rows.map(({ path, value, source }) => `${path} ${value} (${source})`)).toEqual([
      'customer default (default)',
      'name web (given)',
      'arn arn:aws:ecs:us-east-1:111122223333:service/shop/web (given)',
      'group default (default)',
      'mode observe (default)',
      'tasks.min 2 (given)',
      'tasks.max 40 (given)',
      'scale[0].request-queue-time.p95 50ms (given)',
      'scale[0].request-queue-time.low 10ms (default)',
      'scale[0].by auto (default)',
      'scale[0].concurrency learned (default)',
      'scale[0].step.out 1 (default)',
      'scale[0].step.in 1 (default)',
      'behavior.scale-out.max 10 tasks per 15s, 400% per 15s (default)',
      'behavior.scale-out.cooldown 0s (default)',
      'behavior.scale-out.stabilize 0s (default)',
      'behavior.scale-out.paused false (default)',
      'behavior.scale-in.max 25% per 1m, 1 task per 1m (default)',
      'behavior.scale-in.cooldown 0s (default)',
      'behavior.scale-in.stabilize 5m (default)',
      'behavior.scale-in.paused false (default)',
      'behavior.dead-band 10% (default)',
      'behavior.panic 200% over 10s (default)',
      'behavior.stale-after 1m (default)',
      'behavior.fallback off (default)',
      'behavior.busy ignore (default)',
      'behavior.respect-manual 30m (default)',
      'behavior.start-up auto (default)',
    ]);
    for (const { source, why } of rows) expect(why === undefined).toBe(source === 'given');
  });

  it('shows what was given as the file writes it', () => {
    const rows = explained(readFileSync(new URL('./files/everything.yml', import.meta.url), 'utf8'));
    const given = new Map(rows.filter(({ source }) => source === 'given').map(({ path, value }) => [path, value]));
    expect(Object.fromEntries(given)).toMatchObject({
      'tasks.active': '3',
      'scale[0].request-queue-time.p99.9': '120ms',
      'scale[1].step.out': '4',
      'scale[2].response-time.p50': '400ms',
      'scale[4].metric.cloudwatch.statistic': 'Sum',
      'schedules[0].days': 'mon-fri',
      'schedules[0].lead': '5m',
      'schedules[3].for': '10h',
      'behavior.scale-out.max': '8 tasks per 30s, 200% per 1m',
      'behavior.panic': '300% over 20s',
      'behavior.fallback': '5 tasks after 3m',
      'behavior.start-up': '75s',
    });
  });

  it('names each knob of any service once', () => {
    fc.assert(
      fc.property(anyService, (config) => {
        const paths = explainPolicy(config).map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });
});
