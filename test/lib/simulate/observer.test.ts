import { describe, expect, test } from 'vitest';
import { parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import { observeTargets } from '../../../lib/signals/observe-targets.ts';
import { createObserver } from '../../../lib/simulate/observer.ts';
import { PublishedHistory } from '../../../lib/simulate/published-history.ts';
import { randomStream } from '../../../lib/simulate/random-stream.ts';
import type { SlotReports } from '../../../lib/simulate/reporters.ts';
import { reportOf } from '../../../lib/simulate/simulated-report.ts';
import { EPOCH } from '../../../lib/simulate/sluice-scaler.ts';
import { Waits } from '../../../lib/simulate/waits.ts';

function policyOf(targets: string) {
  const text = `services: { app: { arn: "arn:aws:ecs:us-east-1:111122223333:service/a/b", tasks: { min: 1, max: 9 }, scale: [${targets}] } }`;
  const parsed = parsePolicyFile(text, { source: 'test', defaultMode: 'on' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.file.services[0]!.policy;
}

describe('an observer that keeps what it knows', () => {
  test.each([
    ['requests', '{ request-queue-time: { p95: 200ms } }, { utilization: { target: 70% } }'],
    ['jobs', '{ job-latency: { target: 30s } }, { job-depth: { queues: [default], per-task: 20 } }'],
  ] as const)('sees of %s what observing all reports of five minutes shows, through gaps and lulls', (kind, targets) => {
    const policy = policyOf(targets);
    const random = randomStream(3, kind);
    const history = new PublishedHistory();
    const scenario = { kind, min: 1, max: 9, concurrency: 4, serviceMs: 100, sloMs: 200, startUpMs: 23_000 };
    const observe = createObserver(policy, 'app');
    const reported = { scenario, service: 'app', queues: ['default'], epoch: EPOCH };
    let slots: SlotReports[] = [];
    let looks = 0;
    for (let t = 0; t < 3_000; t++) {
      // Busy, with few requests between 1,000 and 1,600, and without measurements now and then.
      const waits = new Waits();
      const arrived = random.poisson(t > 1_000 && t < 1_600 ? 0.2 : 8);
      for (let i = 0; i < arrived; i++) waits.add(random.exponential(150), 1);
      const published = !(t >= 700 && t < 760) && !(t >= 2_000 && t < 2_400) && t % 500 >= 10;
      const sample = {
        arrived,
        finished: arrived,
        waiting: arrived,
        inService: 2,
        oldestMs: 40 * arrived,
        busyShare: 0.4,
        running: 3,
        desired: 3,
      };
      history.add(t, sample, waits, published);
      // Three tasks, each with its own time, and looks now and then, in the middle of a slot or at its end.
      const at = t + 1;
      const now = EPOCH + at * 1_000;
      const report = at % 10 === 0 || at % 10 === 3 || at % 10 === 6 ? reportOf(reported, history, [{ at, tasks: 1 }]) : undefined;
      if (report) {
        const last = slots.at(-1);
        const same = last?.slotAt === report.slotAt;
        if (same) slots.pop();
        slots.push({ slotAt: report.slotAt, whole: false, reports: [...(same ? last.reports : []), report] });
      }
      slots = slots.filter(({ slotAt }) => slotAt >= now - 300_000).map((slot) => ({ ...slot, whole: slot.slotAt + 10_000 <= now }));
      if (at % 10 !== 0 && at % 7 !== 0) continue;
      const all = observeTargets(
        policy,
        'app',
        slots.flatMap(({ reports }) => reports),
        now,
      );
      expect(observe(slots, now), `second ${t}`).toEqual(all);
      looks++;
    }
    expect(looks).toBeGreaterThan(600);
  });
});
