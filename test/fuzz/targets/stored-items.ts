import type { Item } from '../../../lib/stores/table.ts';
import { queueReport, webReport } from '../../fakes/whole-system.ts';
import type { Draw } from '../draw/draw.ts';
import { mutateItem } from '../mutate/mutate-item.ts';
import { reportEvent } from '../report-event.ts';
import { prototypeChanges } from '../scan-table.ts';
import { livedSnapshot, OPERATOR, type Snapshot, systemFrom } from '../snapshot.ts';
import { type FuzzSystem, signedEvent } from '../system.ts';
import { holds, type Target } from '../target.ts';

/** More than any minute of three services writes. */
const MOST_WRITES = 150;
/** What is the whole deployment's: whoever can write there needs no garbage. Without it nobody is decided, which is safe. */
const EVERYBODYS: readonly string[] = ['~operator'];

/** Every kind of stored item as no store would leave it: what was done to one customer's is felt by that customer alone. */
export const storedItems: Target = {
  name: 'items',
  share: 3,
  cases: 5,
  async episode(draw, step) {
    const snapshot = await livedSnapshot();
    for (let i = 0; i < this.cases; i++) {
      step();
      await oneItem(draw, snapshot);
    }
    const changes = prototypeChanges();
    holds(changes.length === 0, 'no prototype is changed', () => changes);
  },
};

async function oneItem(draw: Draw, snapshot: Snapshot): Promise<void> {
  const victim = draw.pick(
    snapshot.items.filter(({ pk, customer, sk }) => !pk.startsWith('globex') && customer !== 'globex' && sk !== 'globex'),
  );
  const bad = mutateItem(draw, victim);
  const shown = () => ({ victim: [victim.pk, victim.sk], bad });
  const items = [...snapshot.items.filter((item) => item !== victim || bad.pk !== victim.pk || bad.sk !== victim.sk)];
  const system = await systemFrom(snapshot, items);
  // What DynamoDB itself would not hold cannot be found in it.
  if (
    !(await system.table.put(bad).then(
      () => true,
      () => false,
    ))
  )
    return;
  const writes = system.writes();
  // Discovery takes most of the time, and reads little of what the others read.
  const discovery = /^[^#]+#(a|d|dir)$|^~role$|^~operator#customers$/.test(victim.pk);
  const trace = await aMinute(system, snapshot, discovery);
  if (!EVERYBODYS.includes(victim.pk)) {
    const quiet = await undisturbed(snapshot, discovery);
    holds(trace.globex === quiet.globex, 'another customer notices nothing', () => ({
      ...shown(),
      found: trace.globex,
      without: quiet.globex,
      failures: trace.failures,
      warnings: system.warnings,
    }));
    if (ofWebAlone(victim) && ofWebAlone(bad)) {
      holds(trace.worker === quiet.worker, 'a service of the same group notices nothing', () => ({
        ...shown(),
        found: trace.worker,
        without: quiet.worker,
        failures: trace.failures,
        warnings: system.warnings,
      }));
    }
  }
  holds(trace.strange.length === 0, 'nothing but an error of ours comes out', () => ({ ...shown(), strange: trace.strange }));
  holds(system.writes() - writes < MOST_WRITES, 'writes stay bounded', () => ({ ...shown(), writes: system.writes() - writes }));
  const beyond = system.aws.calls.filter(({ action, parameters }) => action === 'ecs:UpdateService' && !isCount(parameters.desiredCount));
  holds(beyond.length === 0, 'only whole counts from 0 to 5000 are sent', () => ({ ...shown(), beyond }));
}

const isCount = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 5_000;

/** Belongs to acme/web and says nothing of its group or customer. */
const ofWebAlone = ({ pk, sk }: Item) => (pk === 'acme#g#shop' && /^(config|control|pause|claim)#web(#|$)/.test(sk)) || pk === 'acme#h#web';

interface Trace {
  readonly globex: string;
  readonly worker: string;
  /** Handlers that failed, and how. */
  readonly failures: readonly string[];
  readonly strange: readonly unknown[];
}

const quiet = new Map<boolean, Promise<Trace>>();
const undisturbed = (snapshot: Snapshot, discovery: boolean): Promise<Trace> => {
  const known = quiet.get(discovery) ?? systemFrom(snapshot).then((system) => aMinute(system, snapshot, discovery));
  quiet.set(discovery, known);
  return known;
};

/** A minute of everything: reports of all, each function once, what is asked of the admin API. What became of globex, and of acme/worker. */
async function aMinute(system: FuzzSystem, snapshot: Snapshot, discovery: boolean): Promise<Trace> {
  const failures: string[] = [];
  const strange: unknown[] = [];
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      failures.push(`${name}: ${String(error).slice(0, 300)}`);
      if (!(error instanceof Error) || /undefined|not a function|not iterable|null/.test(error.message)) strange.push(String(error));
    }
  };
  const statuses: Record<string, number[]> = { globex: [], worker: [], web: [] };
  const report = async (service: string, whose: string, body: unknown) => {
    const { status } = await system.ingest(reportEvent(snapshot.tokens.get(service) ?? '', JSON.stringify(body)));
    statuses[whose]?.push(status);
  };
  const now = system.clock.now();
  await system.clock.advance(1_000);
  await report('acme/web', 'web', webReport(now, [400, 600, 900]));
  await report('globex/site', 'globex', webReport(now, [400, 600, 900]));
  await attempt('tick', () => system.tick());
  await attempt('scale', () => system.scale({ Records: system.stream.splice(0) }));
  await attempt('collect', () => system.collect());
  if (discovery) await attempt('discover', () => system.discover());
  await system.clock.advance(60_000);
  await report('acme/worker', 'worker', queueReport(system.clock.now(), { default: { qt: 200_000, qd: 900, busy: 4 } }));
  await report('globex/site', 'globex', webReport(system.clock.now(), [400, 600, 900]));
  await attempt('tick', () => system.tick());
  await attempt('scale', () => system.scale({ Records: system.stream.splice(0) }));
  for (const path of ['/v1/services', '/v1/status', '/v1/explain', '/v1/decisions', '/v1/points', '/v1/tokens', '/v1/changes']) {
    const asked = async (customer: string, service: string) =>
      (await system.admin(signedEvent(OPERATOR, 'GET', path, '', { customer, service }))).status;
    statuses['globex']?.push(await asked('globex', 'site'));
    statuses['web']?.push(await asked('acme', 'web'));
    statuses['worker']?.push(['/v1/decisions', '/v1/tokens'].includes(path) ? await asked('acme', 'worker') : 200);
  }
  for (const path of ['/v1/services', '/v1/status', '/v1/discovered', '/v1/configs']) {
    const { status, text } = await system.admin(signedEvent(OPERATOR, 'GET', path, ''));
    statuses['globex']?.push(status, text.includes('site') ? 1 : 0);
  }
  const sent = (account: string, service: string) =>
    system.aws.calls.flatMap(({ action, accountId, parameters }) =>
      action === 'ecs:UpdateService' && accountId === account && parameters.service === service ? [parameters.desiredCount] : [],
    );
  const decided = (who: string) => system.decided.filter((each) => each === who).length;
  return {
    globex: JSON.stringify({ statuses: statuses['globex'], decided: decided('globex/site'), sent: sent('444455556666', 'site') }),
    worker: JSON.stringify({ statuses: statuses['worker'], decided: decided('acme/worker'), sent: sent('111122223333', 'worker') }),
    failures,
    strange: strange.filter((each) => !/cannot be read|keys are made of names/.test(String(each))),
  };
}
