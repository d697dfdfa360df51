import { readFileSync } from 'node:fs';
import type { AttributeValue, DynamoDBRecord, LambdaFunctionURLEvent } from 'aws-lambda';
import { webReport } from '../../fakes/whole-system.ts';
import type { Draw } from '../draw/draw.ts';
import { anyValue, HOSTILE_TEXTS } from '../draw/hostile.ts';
import { mutateJsonOften } from '../mutate/mutate-json.ts';
import { reportEvent } from '../report-event.ts';
import { scanTable } from '../scan-table.ts';
import { freshSnapshot, OPERATOR, SERVICES, type Snapshot, systemFrom } from '../snapshot.ts';
import { type FuzzSystem, signedEvent } from '../system.ts';
import { holds, type Target } from '../target.ts';

const file = (name: string): unknown => JSON.parse(readFileSync(`events/${name}`, 'utf8'));
const URL_EVENTS = [
  'function-url/prepare-account.json',
  'function-url/report-through-own-domain.json',
  'function-url/report-with-unknown-token.json',
].map(file);
const SCHEDULE_EVENTS = ['schedule/every-hour.json', 'schedule/every-minute.json'].map(file);
const STREAM_EVENT = file('stream/decision.json');

/** What each function is invoked with, changed: as AWS sends it, as Sluice sends it to itself, and as nobody does. */
export const eventShapes: Target = {
  name: 'events',
  share: 12,
  cases: 20,
  async episode(draw, step) {
    const snapshot = await freshSnapshot();
    const system = await systemFrom(snapshot);
    for (let i = 0; i < this.cases; i++) {
      step();
      await draw.pick([url, url, scheduled, shards, stream])(draw, system, snapshot);
      await system.clock.advance(draw.pick([1, 1_000]));
    }
    await onlyRightCounts(system);
    const complaints = await scanTable(system, { customers: ['acme', 'globex'], secrets: snapshot.secrets });
    holds(complaints.length === 0, 'only what should be is stored', () => complaints);
    holds(!system.said.some((line) => snapshot.secrets.some((secret) => line.includes(secret))), 'no token is logged', () => system.said);
  },
};

async function url(draw: Draw, system: FuzzSystem, snapshot: Snapshot): Promise<void> {
  const good = [
    ...URL_EVENTS,
    reportEvent(snapshot.tokens.get('acme/web') ?? '', JSON.stringify(webReport(system.clock.now(), [3, 4]))),
    signedEvent(OPERATOR, 'GET', '/v1/services', '', { customer: 'acme' }),
  ];
  const event = mutateJsonOften(draw, draw.pick(good), 1 + draw.below(4)) as LambdaFunctionURLEvent;
  for (const [name, handle] of [
    ['ingest', system.ingest],
    ['admin', system.admin],
  ] as const) {
    const answer = await handle(event).catch((error: unknown) => error);
    const status = typeof answer === 'object' && answer !== null && 'status' in answer ? Number(answer.status) : 0;
    holds(status >= 200 && status < 500, `${name} answers any event`, () => ({
      status,
      answer: String(answer),
      event,
      warnings: system.warnings.slice(-1),
    }));
  }
}

/** Nothing but a failure of the store may make a run by the calendar fail. */
const runs = async (name: string, work: () => Promise<unknown>, event: unknown) => {
  const failure = await work().then(
    () => undefined,
    (error: unknown) => error ?? 'failed',
  );
  holds(failure === undefined, `${name} takes any event`, () => ({ failure: String(failure), event }));
};

async function scheduled(draw: Draw, system: FuzzSystem): Promise<void> {
  const event = draw.oneIn(3) ? anyValue(draw) : mutateJsonOften(draw, draw.pick(SCHEDULE_EVENTS), 1 + draw.below(3));
  const [name, run] = draw.pick([
    ['tick', system.tick],
    ['collect', system.collect],
    ['discover', system.discover],
  ] as const);
  await runs(name, () => run(event), event);
}

async function shards(draw: Draw, system: FuzzSystem): Promise<void> {
  const text = (right: readonly string[]) => (draw.oneIn(3) ? draw.pick(HOSTILE_TEXTS) : draw.pick(right));
  const customer = () => text(['acme', 'globex', 'nobody', '~operator']);
  const accountId = () => text(['111122223333', '444455556666', '999988887777']);
  const many = <T>(make: () => T) => Array.from({ length: draw.pick([0, 1, 2, 3, 100, 101]) }, make);
  const watches = {
    watches: many(() => ({ customer: customer(), accountId: accountId(), region: text(['us-east-1']), cluster: text(['acme', 'globex']) })),
  };
  const groups = { groups: many(() => ({ customer: customer(), group: text(['shop', 'main']) })) };
  const one = { customer: customer(), accountId: accountId() };
  const [name, run, good] = draw.pick([
    ['tick', system.tick, watches],
    ['collect', system.collect, groups],
    ['discover', system.discover, { discover: one }],
    ['discover', system.discover, { examine: draw.oneIn(2) ? {} : one }],
  ] as const);
  const event = draw.oneIn(2) ? good : mutateJsonOften(draw, good, 1 + draw.below(2));
  await runs(name, () => run(event), event);
}

/** The record of a decision that is waiting, with another count, age or cause in it, or an attribute of a type that is never written. */
function forged(draw: Draw, record: DynamoDBRecord): DynamoDBRecord {
  const image = { ...record.dynamodb?.NewImage };
  if (draw.oneIn(4)) image[draw.pick(['x', 'act', 'lo'])] = draw.pick<AttributeValue>([{ SS: ['x'] }, { NS: ['1'] }, { BS: ['eA=='] }]);
  const decision = { ...image['dec']?.M };
  const field = draw.pick(['t', 'f', 't', 'a', 'k', 'c']);
  decision[field] =
    field === 'k' || field === 'c'
      ? { S: draw.pick(HOSTILE_TEXTS) }
      : { N: draw.pick(['0', '1', '3', '41', '5000', '5001', '1e9', '-1', '0.5', '9007199254740993', '1e125']) };
  return { ...record, dynamodb: { ...record.dynamodb, NewImage: { ...image, dec: { M: decision } } } };
}

/** A record that is not what it was, before one of another customer that is. */
async function stream(draw: Draw, system: FuzzSystem, snapshot: Snapshot): Promise<void> {
  system.stream.length = 0;
  await system.clock.advance(20_000);
  for (const service of ['acme/web', 'globex/site']) {
    const body = JSON.stringify(
      webReport(
        system.clock.now(),
        Array.from({ length: 20 }, () => 900),
      ),
    );
    await system.ingest(reportEvent(snapshot.tokens.get(service) ?? '', body));
  }
  const records = system.stream.splice(0);
  const theirs = records.filter((record) => record.dynamodb?.Keys?.['pk']?.S === 'globex#g#main');
  const template = draw.oneIn(4)
    ? (STREAM_EVENT as { Records: DynamoDBRecord[] }).Records
    : records.filter((record) => !theirs.includes(record));
  const bad = template.map((record) =>
    draw.oneIn(2) ? forged(draw, record) : (mutateJsonOften(draw, record, 1 + draw.below(6)) as DynamoDBRecord),
  );
  const event = { Records: [...bad, ...bad, ...theirs] };
  const before = system.said.length;
  const result = await system.scale(event).catch((error: unknown) => error);
  const failures = typeof result === 'object' && result !== null && 'batchItemFailures' in result ? result.batchItemFailures : undefined;
  holds(JSON.stringify(failures) === '[]', 'a record that cannot be read is left out, and no other is held up', () => ({
    result: String(result),
    failures,
    bad,
    warnings: system.warnings.slice(-3),
  }));
  const outcomes = system.said.slice(before).filter((line) => line.startsWith('outcome'));
  const ids = theirs.flatMap((record) => record.dynamodb?.NewImage?.['act']?.S ?? []);
  holds(
    ids.every((id) => outcomes.some((line) => line.includes(id))),
    'the record of another customer is acted upon',
    () => ({ ids, outcomes, bad }),
  );
  // A whole event that is none.
  if (draw.oneIn(3)) {
    const whole = draw.oneIn(2) ? anyValue(draw) : mutateJsonOften(draw, STREAM_EVENT, 1 + draw.below(2));
    await runs('scale', () => system.scale(whole as { Records: DynamoDBRecord[] }), whole);
  }
  await onlyRightCounts(system);
}

/** Whatever was forged: what reaches ECS is one of three fields, of a service under care, within its bounds. */
async function onlyRightCounts(system: FuzzSystem): Promise<void> {
  for (const { action, parameters } of system.aws.calls) {
    if (action !== 'ecs:UpdateService') continue;
    const config = SERVICES.find(({ arn }) => arn.endsWith(`/${String(parameters.cluster)}/${String(parameters.service)}`));
    const count = Number(parameters.desiredCount);
    holds(
      Object.keys(parameters).length === 3 && config !== undefined,
      'cluster, service and desired count of a service under care are sent',
      () => parameters,
    );
    holds(
      Number.isInteger(count) && count >= config.policy.min && count <= config.policy.max,
      'the count sent lies within the policy',
      () => parameters,
    );
  }
}
