import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectedAccount } from '../../lib/accounts/account.ts';
import type { MetricQuery, MetricsAws, QueueDepth } from '../../lib/collect/metrics-aws.ts';
import { aCloudWatchTarget } from '../builders/policies.ts';

/** What the suite needs around a `MetricsAws`: an account in which queues and metrics can be set. */
export interface MetricsAwsUnderTest {
  readonly aws: MetricsAws;
  /** Its role requires its external ID, and may read `metricsAccount.queue` and all metrics. */
  readonly account: ConnectedAccount;
  now(): number;
  setQueue(arn: string, depth: QueueDepth): void;
  /** The value that the metric had in its last whole period of a minute; undefined: it has no datapoint. */
  setMetric(name: string, value: number | undefined): void;
  /** AWS refuses everything of the account. */
  deny(): void;
  stop?(): Promise<void>;
}

const accountId = '111122223333';
const region = 'eu-west-1';
const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
export const metricsAccount = { accountId, region, queue: arnOf('jobs'), gone: arnOf('gone.fifo') } as const;

const { source } = aCloudWatchTarget();
export const queryFor = (metric: string): MetricQuery => {
  if (source.from !== 'cloudwatch') throw new Error('the builder makes a metric of CloudWatch');
  const { from: _, ...query } = source;
  return { ...query, metric };
};

/** What every `MetricsAws` does, the one in memory and the one that speaks to AWS. */
export function metricsAwsContract(name: string, start: () => Promise<MetricsAwsUnderTest> | MetricsAwsUnderTest): void {
  describe(`customer's queues and metrics: ${name}`, () => {
    const { queue, gone } = metricsAccount;
    let under: MetricsAwsUnderTest;
    beforeEach(async () => {
      under = await start();
      under.setQueue(queue, { visible: 12, inFlight: 3 });
    });
    afterEach(async () => {
      await under.stop?.();
    });
    const collector = (arns: readonly string[] = [queue, gone]) => under.aws.collector(under.account, region, arns);

    test('tells what waits in a queue and what is being worked on', async () => {
      expect(await collector().depths([queue])).toEqual(new Map([[queue, { ok: true, value: { visible: 12, inFlight: 3 } }]]));
    });

    test('a queue that cannot be had is missing by itself', async () => {
      const found = await collector().depths([queue, gone]);
      expect(found.get(queue)).toMatchObject({ ok: true });
      // Not listed in the role's policy, or not there: AWS says one or the other.
      expect(['denied', 'not-found']).toContain(codeOf(found.get(gone)));
    });

    test('tells the newest value of each metric with the end of its period, in the order asked', async () => {
      under.setMetric('Slow', 0.8);
      under.setMetric('Fast', 0.1);
      const [fast, none, slow] = await collector().latest([queryFor('Fast'), queryFor('None'), queryFor('Slow')]);
      const end = Math.floor(under.now() / 60_000) * 60_000;
      expect(fast).toEqual({ ok: true, value: { value: 0.1, at: end } });
      expect(slow).toEqual({ ok: true, value: { value: 0.8, at: end } });
      expect(none).toMatchObject({ ok: false, code: 'no-datapoint' });
    });

    test('what is refused is missing, each number of it, and nothing is thrown', async () => {
      under.deny();
      expect(codeOf((await collector().depths([queue])).get(queue))).toBe('denied');
      expect((await collector().latest([queryFor('Fast'), queryFor('Slow')])).map(codeOf)).toEqual(['denied', 'denied']);
    });

    test('a queue of another account or Region is a fault of ours, before anything is asked', () => {
      expect(() => collector([`arn:aws:sqs:${region}:444455556666:jobs`])).toThrow();
      expect(() => collector([`arn:aws:sqs:us-east-1:${accountId}:jobs`])).toThrow();
    });
  });
}

const codeOf = (answer: { readonly ok: boolean; readonly code?: string } | undefined) => (answer?.ok === false ? answer.code : undefined);
