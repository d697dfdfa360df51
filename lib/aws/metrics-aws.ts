import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { ConnectedAccount } from '../accounts/account.ts';
import { queueArn } from '../accounts/queue-arn.ts';
import { parseRoleArn } from '../accounts/role-arn.ts';
import type { Clock, Instant } from '../clock.ts';
import type { Answer, MetricCollector, MetricsAws, QueueDepth } from '../collect/metrics-aws.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import { ASSUME_ROLE, assumeRole, type Session } from './assume-role.ts';
import { type AwsCallReport, awsCaller } from './aws-call.ts';
import { AwsFailure } from './aws-failure.ts';
import { metricsPolicy, queueSessions } from './collect-policy.ts';
import type { Credentials } from './customer-clients.ts';
import { inTurns } from './in-turns.ts';
import { GET_METRIC_DATA, latestDatapoints, metricCalls } from './latest-datapoints.ts';
import { missed } from './missed.ts';
import { GET_QUEUE_ATTRIBUTES, queueDepth } from './queue-depth.ts';
import { renewed } from './renewed-session.ts';
import { sessionCache } from './session-cache.ts';
import { sessionName } from './session-name.ts';

export interface MetricsAwsOptions {
  readonly deployment: string;
  /** Our own Region. */
  readonly region: string;
  readonly clock: Clock;
  /** Absent: the SDK's default, which in a function is its own role. */
  readonly credentials?: Credentials;
  /** Absent: AWS's own, or what the SDK's environment variables say. */
  readonly endpoints?: { readonly sts?: string; readonly sqs?: string; readonly cloudwatch?: string };
  /** For jitter alone; default the system's. */
  readonly random?: Random;
  /** Of one call; default 5 s: five hundred metrics take longer than a service's description. */
  readonly timeoutMs?: number;
  readonly onCall?: (call: AwsCallReport) => void;
}

/** Queues asked at the same time, of one account and Region. */
const QUEUES_AT_ONCE = 10;

/** Customers' SQS and CloudWatch; the port says what each part promises. */
export function createMetricsAws(options: MetricsAwsOptions): MetricsAws {
  const { deployment, region: homeRegion, clock, credentials, endpoints = {}, random = systemRandom, timeoutMs = 5000 } = options;
  const call = awsCaller({ clock, random, timeoutMs, ...(options.onCall === undefined ? {} : { onCall: options.onCall }) });
  const common = { maxAttempts: 1, retryMode: 'standard', defaultsMode: 'standard', userAgentAppId: 'sluice' } as const;
  const sts = new STSClient({
    ...common,
    region: homeRegion,
    requestHandler: { connectionTimeout: timeoutMs },
    ...at(endpoints.sts),
    ...(credentials === undefined ? {} : { credentials }),
  });
  // One pool of connections: a session's client comes and goes, the sockets stay.
  const { requestHandler } = sts.config;
  const name = sessionName(deployment, 'collect');
  const depthSessions = sessionCache<Held<SQSClient>>(clock, random);
  const metricSessions = sessionCache<Held<CloudWatchClient>>(clock, random);

  async function assume({ accountId, roleArn, externalId }: ConnectedAccount, policies: readonly string[]): Promise<Session> {
    const about = { action: ASSUME_ROLE, accountId, region: homeRegion, repeatable: true };
    let last: unknown = new Error('no session policy was given');
    for (const policy of policies) {
      try {
        return await call(about, (signal) => assumeRole(sts, { roleArn, externalId, name, policy, seconds: 3600 }, signal));
      } catch (error) {
        // STS alone knows the packed size of a policy; one that it finds too large is followed by a wider one.
        if (!(error instanceof AwsFailure) || error.kind !== 'invalid') throw error;
        last = error;
      }
    }
    throw last;
  }

  return {
    collector(account, region, queueArns): MetricCollector {
      const { accountId } = account;
      const role = parseRoleArn(account.roleArn);
      const foreign = queueArns.map(queueArn).find((queue) => queue.accountId !== accountId || queue.region !== region);
      // The last thing that stands between one customer's session and another's queue.
      if (foreign || !role.ok || role.value.accountId !== accountId)
        throw new AwsFailure(
          'invalid',
          ASSUME_ROLE,
          `${foreign?.arn ?? account.roleArn} and account ${accountId} in ${region} do not belong together`,
        );
      const sessions = queueSessions(queueArns);
      const about = (action: string) => ({ action, accountId, region, repeatable: true });
      const keyOf = (policy: string) => JSON.stringify([account.roleArn, account.externalId, region, policy]);

      const depthsOf = async (arns: readonly string[], policies: readonly string[]): Promise<[string, Answer<QueueDepth>][]> => {
        const key = keyOf(policies[0] ?? '');
        const open = () =>
          depthSessions.get(key, async () => {
            const { expiresAt, credentials: keys } = await assume(account, policies);
            const client = new SQSClient({
              ...common,
              region,
              requestHandler,
              credentials: keys,
              useQueueUrlAsEndpoint: false,
              ...at(endpoints.sqs),
            });
            return { expiresAt, client };
          });
        const ask = (arn: string) =>
          renewed(
            open,
            (held) => depthSessions.drop(key, held),
            ({ client }) => call(about(GET_QUEUE_ATTRIBUTES), (signal) => queueDepth(client, arn, signal)),
          );
        try {
          await open();
        } catch (error) {
          const answer = missed(error);
          return arns.map((arn) => [arn, answer]);
        }
        return inTurns(arns, QUEUES_AT_ONCE, async (arn) => [arn, await ask(arn).then(answered, missed)]);
      };

      return {
        async depths(asked) {
          const wanted = new Set(asked);
          const found = await Promise.all(
            sessions.map(({ queueArns: all, policies }) => {
              const arns = all.filter((arn) => wanted.has(arn));
              return arns.length === 0 ? [] : depthsOf(arns, policies);
            }),
          );
          return new Map(found.flat());
        },

        async latest(metrics) {
          const key = keyOf(metricsPolicy());
          const open = () =>
            metricSessions.get(key, async () => {
              const { expiresAt, credentials: keys } = await assume(account, [metricsPolicy()]);
              return {
                expiresAt,
                client: new CloudWatchClient({ ...common, region, requestHandler, credentials: keys, ...at(endpoints.cloudwatch) }),
              };
            });
          const answers = new Array<Awaited<ReturnType<MetricCollector['latest']>>[number]>(metrics.length);
          // One call after the other: the rate of GetMetricData is the account's, and its own dashboards share it.
          for (const places of metricCalls(metrics)) {
            const some = places.flatMap((place) => metrics[place] ?? []);
            const result = await renewed(
              open,
              (held) => metricSessions.drop(key, held),
              ({ client }) =>
                latestDatapoints(
                  (command) => call(about(GET_METRIC_DATA), (abortSignal) => client.send(command, { abortSignal })),
                  some,
                  clock.now(),
                ),
            ).catch((error: unknown) => some.map(() => missed(error)));
            for (const [i, place] of places.entries())
              answers[place] = result[i] ?? missed(new AwsFailure('unavailable', GET_METRIC_DATA, 'no result'));
          }
          return answers;
        },
      };
    },
  };
}

interface Held<Client> {
  readonly expiresAt: Instant;
  readonly client: Client;
}

const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });

const answered = <T>(value: T): Answer<T> => ({ ok: true, value });
