import type { Account } from '../accounts/account.ts';
import type { Clock } from '../clock.ts';
import type { CollectedReading, MissCode } from '../reports/collected.ts';
import type { AccountStore } from '../stores/ports.ts';
import type { Answer, Datapoint, MetricCollector, MetricQuery, MetricsAws, QueueDepth } from './metrics-aws.ts';
import type { Refusals } from './refusals.ts';
import type { Source } from './sources.ts';

export interface AskDeps {
  readonly metricsAws: MetricsAws;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly refusals: Refusals;
  readonly clock: Clock;
}

/** A source with what became of it; of one that is missing, what AWS said. */
export interface Asked {
  readonly source: Source;
  readonly reading: CollectedReading;
  readonly why?: string;
}

/**
 * Asks for all of these, accounts and Regions side by side. Every source comes back, with a number or as missing: what goes wrong in
 * one account, or with one queue, is missing there and harms nothing else.
 * @param all everything that this invocation asks for at one time or another: what the sessions are narrowed to.
 */
export async function askSources(deps: AskDeps, sources: readonly Source[], all: readonly Source[]): Promise<Asked[]> {
  const lanes = byLane(sources);
  const wholes = byLane(all);
  const asked = await Promise.all([...lanes].map(([lane, some]) => askLane(deps, some, wholes.get(lane) ?? some)));
  return asked.flat();
}

function byLane(sources: readonly Source[]): Map<string, Source[]> {
  const lanes = new Map<string, Source[]>();
  for (const source of sources) {
    const lane = lanes.get(laneOf(source));
    if (lane) lane.push(source);
    else lanes.set(laneOf(source), [source]);
  }
  return lanes;
}

const laneOf = ({ customer, accountId, region }: Source) => `${customer}#${accountId}#${region}`;

async function askLane(deps: AskDeps, sources: readonly Source[], all: readonly Source[]): Promise<Asked[]> {
  const [first] = sources;
  if (!first) return [];
  const missing = (code: MissCode, why: string) => sources.map((source): Asked => ({ source, reading: { kind: 'missing', code }, why }));
  const account = await deps.accounts.get(first.customer, first.accountId);
  if (!isConnected(account)) return missing('not-connected', `account ${first.accountId} is not connected for customer ${first.customer}`);
  const collector = deps.metricsAws.collector(account, first.region, [...new Set(all.flatMap(queueOf))]);
  const isRefused = new Set(sources.filter((source) => deps.refusals.stands(nameOf(source))));
  const open = sources.filter((source) => !isRefused.has(source));
  const [queues, metrics] = await Promise.all([depthsOf(collector, open), datapointsOf(collector, open)]);
  const at = deps.clock.now();
  return sources.map((source): Asked => {
    if (isRefused.has(source)) return { source, reading: { kind: 'missing', code: 'denied' }, why: 'AWS refused it a moment ago' };
    const { ask } = source;
    const answer = ask.kind === 'depth' ? queues.get(ask.queueArn) : metrics.get(queryName(ask.query));
    if (!answer) return { source, reading: { kind: 'missing', code: 'unavailable' }, why: 'AWS said nothing of it' };
    if (!answer.ok) {
      if (answer.code === 'denied') deps.refusals.note(nameOf(source));
      return { source, reading: { kind: 'missing', code: answer.code }, why: answer.why };
    }
    return { source, reading: 'visible' in answer.value ? readDepth(ask, answer.value, at) : readDatapoint(ask, answer.value) };
  });
}

const isConnected = (account: Account | undefined): account is Account & { readonly roleArn: string } => account?.roleArn !== undefined;
const queueOf = ({ ask }: Source) => (ask.kind === 'depth' ? [ask.queueArn] : []);
const queryOf = ({ ask }: Source) => (ask.kind === 'metric' ? [ask.query] : []);
const queryName = ({ dimensions, ...rest }: MetricQuery) => JSON.stringify([rest, Object.entries(dimensions).sort()]);
const nameOf = (source: Source) => `${laneOf(source)}#${source.ask.kind === 'depth' ? source.ask.queueArn : queryName(source.ask.query)}`;

/** Each queue once, however many services go by it. */
async function depthsOf(collector: MetricCollector, sources: readonly Source[]): Promise<ReadonlyMap<string, Answer<QueueDepth>>> {
  const arns = [...new Set(sources.flatMap(queueOf))];
  return arns.length === 0 ? new Map() : collector.depths(arns);
}

/** Each metric once: CloudWatch bills each that is asked for. */
async function datapointsOf(collector: MetricCollector, sources: readonly Source[]): Promise<ReadonlyMap<string, Answer<Datapoint>>> {
  const queries = new Map(sources.flatMap(queryOf).map((query) => [queryName(query), query]));
  if (queries.size === 0) return new Map();
  const answers = await collector.latest([...queries.values()]);
  return new Map([...queries.keys()].flatMap((name, i) => (answers[i] ? [[name, answers[i]] as const] : [])));
}

/** Messages in flight are what is being worked on, whether the target counts them or not. */
function readDepth(ask: Source['ask'], { visible, inFlight }: QueueDepth, at: number): CollectedReading {
  const value = ask.kind === 'depth' && ask.attribute === 'visible' ? visible : visible + inFlight;
  return { kind: 'known', value, at, busy: inFlight };
}

const readDatapoint = (ask: Source['ask'], { value, at }: Datapoint): CollectedReading => ({
  kind: 'known',
  value: value * (ask.kind === 'metric' ? ask.scale : 1),
  at,
});
