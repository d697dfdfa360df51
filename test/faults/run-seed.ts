import { dice } from './dice.ts';
import type { Emphasis } from './emphasis.ts';
import type { FaultCounts } from './fault-kinds.ts';
import { checkHistory } from './invariants/explained.ts';
import { unsettled } from './invariants/settled.ts';
import type { SystemUnderTest } from './make-handler.ts';
import { scenarioOf } from './scenario.ts';
import { Endless } from './scheduler.ts';
import { upsetTheWorld } from './upsets.ts';
import { Weather } from './weather.ts';
import { type Violation, World } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly steps: number;
  readonly simulatedMs: number;
  readonly hash: string;
  readonly faults: FaultCounts;
}

const MINUTE = 60_000;
/** After the faults somebody looks each minute whether all has settled. */
const LOOK_MS = MINUTE;

/**
 * One seed from its beginning to where everything has settled, or to what was broken first.
 * @param told takes each step in words.
 */
export async function runSeed(
  system: SystemUnderTest,
  seed: number,
  told?: (line: string) => void,
  emphasis: Emphasis = {},
): Promise<SeedResult> {
  const scenario = scenarioOf(seed);
  const weather = new Weather(seed, emphasis.rates);
  const world = new World(system, scenario, weather, told);
  const { scheduler, violations } = world;
  const broken = () => violations.length > 0;
  try {
    world.people.furnish(scenario.customers);
    for (const customer of scenario.customers) world.people.onboard(customer);
    world.adapters.garblesRequests = emphasis.garbledRequests === true;
    world.adapters.start();
    schedule(world);
    weather.from = scenario.faultsFrom;
    weather.until = scenario.faultsUntil;
    upsetTheWorld(world, dice(seed, 'upsets'), emphasis);
    await scheduler.run(scenario.faultsUntil, broken);
    let open: string[] = [];
    for (let at = scenario.faultsUntil + 4 * MINUTE; at <= scenario.giveUpAt && !broken(); at += LOOK_MS) {
      await scheduler.run(at, broken);
      open = [];
      for (const service of scenario.customers.flatMap(({ services }) => services)) {
        const why = await unsettled(world.scene, world.table.memory, service);
        if (why !== undefined) open.push(`${service.config.customer}/${service.config.name}: ${why}`);
      }
      world.trace.note(() => (open.length === 0 ? 'settled' : `not settled: ${open.join('; ')}`));
      if (open.length === 0) break;
    }
    if (!broken() && open.length > 0)
      world.scene.fail('settles', `after ${Math.round((scheduler.now - scenario.faultsUntil) / MINUTE)} calm minutes: ${open.join('; ')}`);
    if (!broken()) checkHistory(world.scene, world.stream.deadLetters);
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    world.scene.fail('ends', error.message);
  }
  return {
    seed,
    violations,
    steps: scheduler.steps,
    simulatedMs: scheduler.now - scenario.start,
    hash: world.trace.digest(),
    faults: weather.counts,
  };
}

/** The schedules of serverless.yml. */
function schedule(world: World): void {
  const { scheduler, scenario } = world;
  const every = (from: number, ms: number, name: 'tick' | 'collect' | 'discover') => {
    scheduler.at(from, () => {
      world.deliver(name, {}, 'schedule');
      every(from + ms, ms, name);
    });
  };
  every(scenario.start + 9_000, MINUTE, 'tick');
  every(scenario.start + 11_000, MINUTE, 'collect');
  every(scenario.start + 200_000, 60 * MINUTE, 'discover');
}
