import { unpackDigest } from '../../../lib/reports/pack-digest.ts';
import { createReportStore } from '../../../lib/stores/report-store.ts';
import type { Draw } from '../draw/draw.ts';
import { mutateJsonOften } from '../mutate/mutate-json.ts';
import { mutateText } from '../mutate/mutate-text.ts';
import { reportEvent } from '../report-event.ts';
import { capturedReport, hostileReport, validReport } from '../reports/draw-report.ts';
import { drawRequest } from '../reports/draw-request.ts';
import { expectedAnswer } from '../reports/expected-answer.ts';
import { scanTable } from '../scan-table.ts';
import { freshSnapshot, type Snapshot, systemFrom } from '../snapshot.ts';
import type { Answer, FuzzSystem } from '../system.ts';
import { holds, type Target } from '../target.ts';

/** A digest, lease, control with history and points of two services, claims: what one report may bring about besides its own parts. */
const OTHER_WRITES = 60;
/** Of a report whose every sample names another queue; a part holds at least two of the longest names. */
const SAMPLES_PER_PART = 2;

/** `POST …/v3/reports`, through the deployed handler: bodies, how they are carried, paths, tokens, repeats. */
export const reportEndpoint: Target = {
  name: 'reports',
  share: 60,
  cases: 40,
  async episode(draw, step) {
    const snapshot = await freshSnapshot();
    const system = await systemFrom(snapshot);
    /** Samples of requests by service and body: a body that is delivered again is the same report, whichever delivery of it stands. */
    const accepted: Accepted = new Map();
    for (let i = 0; i < this.cases; i++) {
      step();
      await oneReport(draw, system, snapshot, accepted);
      if (draw.oneIn(5)) await system.clock.advance(draw.pick([1, 999, 4_000, 16_000]));
    }
    await settle(system, snapshot);
    const sum = (which: 'least' | 'most') => [...accepted.values()].reduce((total, each) => total + each[which], 0);
    const found = await storedRequests(system);
    holds(
      found >= sum('least') && found <= sum('most'),
      'what was accepted is stored, all of it and once',
      () => `${sum('least')} to ${sum('most')} samples of requests were accepted, ${found} are stored`,
    );
    const complaints = await scanTable(system, { customers: ['acme', 'globex'], secrets: snapshot.secrets });
    holds(complaints.length === 0, 'only what should be is stored', () => complaints);
    holds(!system.said.some((line) => snapshot.secrets.some((secret) => line.includes(secret))), 'no token is logged', () => system.said);
    holds(
      !system.warnings.some((line) => /failed|could not/.test(line)),
      'nothing that is sent makes an evaluation or a request fail',
      () => system.warnings,
    );
  },
};

type Accepted = Map<string, { readonly least: number; readonly most: number }>;

/** Between two deliveries a sample may become too old, or its time may come. */
function note(accepted: Accepted, report: string, requests: number): void {
  const { least, most } = accepted.get(report) ?? { least: requests, most: requests };
  accepted.set(report, { least: Math.min(least, requests), most: Math.max(most, requests) });
}

async function oneReport(draw: Draw, system: FuzzSystem, snapshot: Snapshot, accepted: Accepted): Promise<void> {
  const now = system.clock.now();
  const whose = draw.pick(['acme/web', 'acme/worker', 'globex/site']);
  const token = snapshot.tokens.get(whose) ?? '';
  const drawn = draw.below(10) < 2 ? wholly(draw, now) : { body: drawBody(draw, now) };
  const plain = drawn.good !== undefined || draw.oneIn(2);
  const request = plain
    ? { event: reportEvent(token, drawn.body), status: 200 as const, body: drawn.body }
    : drawRequest(draw, token, drawn.body);
  const expected = expectedAnswer(request.body, now);
  const shown = () => ({ path: request.event.rawPath.slice(0, 300), base64: request.event.isBase64Encoded, body: request.body, expected });

  const before = system.writes();
  const answer = await system.ingest(request.event);
  checkAnswer(answer, request.status, expected, snapshot.secrets, shown);
  if (answer.status !== 200) {
    holds(system.writes() === before, 'a request that is refused writes nothing', shown);
    return;
  }
  const samples = expected.accepted + expected.ignored + Object.values(expected.dropped).reduce((sum, count) => sum + count, 0);
  holds(
    system.writes() - before <= OTHER_WRITES + samples / SAMPLES_PER_PART,
    'writes are bounded by what was sent',
    () => `${system.writes() - before} writes for ${samples} samples`,
  );
  if (drawn.good !== undefined) {
    holds(expected.accepted === drawn.good.samples && samples === drawn.good.samples, 'a good report is accepted whole', shown);
  }
  note(accepted, `${whose} ${request.body}`, expected.requests);
  // As adapters do when an answer is slow.
  for (let times = draw.oneIn(4) ? 1 + draw.below(2) : 0; times > 0; times--) {
    if (draw.oneIn(3)) await system.clock.advance(5_220);
    const again = await system.ingest(request.event);
    holds(again.status === 200, 'a repeat is taken as the first', shown);
    note(accepted, `${whose} ${request.body}`, expectedAnswer(request.body, system.clock.now()).requests);
  }
}

const wholly = (draw: Draw, now: number): { readonly body: string; readonly good?: { readonly samples: number } } => {
  const samples = draw.pick([0, 1, 2, 5, 20, draw.below(200)]);
  const { report } = validReport(draw, now, samples);
  return { body: JSON.stringify(report), good: { samples } };
};

function drawBody(draw: Draw, now: number): string {
  switch (draw.below(8)) {
    case 0:
    case 1:
      return JSON.stringify(mutateJsonOften(draw, capturedReport(draw, now), 1 + draw.below(4))) ?? '';
    case 2:
    case 3:
      return mutateText(draw, JSON.stringify(capturedReport(draw, now)), [
        '"__proto__":{"x":1},',
        '[[',
        ']]',
        '"metrics":[],',
        'null',
        '[1,2,"qt",null]',
      ]);
    case 4:
      return mutateText(draw, JSON.stringify(hostileReport(draw, now)));
    default:
      return JSON.stringify(hostileReport(draw, now));
  }
}

function checkAnswer(
  answer: Answer,
  status: number,
  expected: ReturnType<typeof expectedAnswer>,
  secrets: readonly string[],
  shown: () => unknown,
): void {
  const wanted = status === 200 ? expected.status : status;
  holds(answer.status === wanted, `the answer is ${wanted}, not ${answer.status} ${answer.text.slice(0, 200)}`, shown);
  holds(answer.text.length < 1_500, 'an answer is short', () => answer.text);
  holds(!secrets.some((secret) => answer.text.includes(secret)), 'an answer holds no token', shown);
  if (answer.status !== 200) {
    const { code, why } = answer.json as Record<string, unknown>;
    holds(typeof code === 'string' && typeof why === 'string' && why !== '', 'a refusal says why', () => answer.text);
    return;
  }
  const { accepted, dropped, ignored } = expected;
  const counted = answer.json as { accepted: number; dropped: Record<string, number>; ignored: number };
  holds(
    counted.accepted === accepted && counted.ignored === ignored && sameCounts(counted.dropped, dropped),
    `the counters add up, by reason: ${answer.text} and not ${JSON.stringify({ accepted, dropped, ignored })}`,
    shown,
  );
}

const sameCounts = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([reason, count]) => b[reason] === count);

/** Samples of requests that the stored reports of both customers tell of, each report once however it is stored. */
async function storedRequests(system: FuzzSystem): Promise<number> {
  const unreadable: string[] = [];
  const store = createReportStore(system.table, {
    clock: system.clock,
    onUnreadable: (key, why) => void unreadable.push(`${key.sk} ${why}`),
  });
  const reports = (await Promise.all([store.since('acme', 'shop', 1, 0), store.since('globex', 'main', 1, 0)])).flat();
  holds(unreadable.length === 0, 'every stored report can be read', () => unreadable);
  return reports
    .flatMap(({ digest }) => unpackDigest(digest)?.web ?? [])
    .reduce((sum, { queueTime, appTime, networkTime }) => sum + queueTime.count + appTime.count + networkTime.count, 0);
}

/** What a warm function kept back is stored once its slots are over and somebody reports. */
async function settle(system: FuzzSystem, snapshot: Snapshot): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await system.clock.advance(12_000);
    for (const token of snapshot.tokens.values())
      await system.ingest(reportEvent(token, JSON.stringify({ container: 'end', pid: round, metrics: [] })));
  }
}
