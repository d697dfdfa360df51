import { serviceArn } from '../../lib/accounts/service-arn.ts';
import { defaultBehavior } from '../../lib/policy/default-values.ts';
import type { Mode, Schedule, ServiceConfig, Target } from '../../lib/policy/policy.ts';
import { type Dice, dice } from './dice.ts';
import { localMinute } from './local-time.ts';

const MINUTE = 60_000;

export type Kind = 'web' | 'worker' | 'sqs';

/** One service of a scenario: what is written down for it, and how it lives. */
export interface SimulatedService {
  readonly config: ServiceConfig;
  readonly kind: Kind;
  readonly startUpMs: number;
  readonly reportEveryMs: number;
  readonly reporters: number;
  /** Tasks' worth of load from each instant on, oldest first; the last one stays. */
  readonly load: readonly { readonly at: number; readonly tasks: number }[];
}

export interface SimulatedCustomer {
  readonly name: string;
  readonly accountId: string;
  readonly services: readonly SimulatedService[];
}

export interface Scenario {
  readonly seed: number;
  readonly large: boolean;
  readonly start: number;
  /** Faults happen between these two. */
  readonly faultsFrom: number;
  readonly faultsUntil: number;
  readonly dstEdge: boolean;
  readonly customers: readonly SimulatedCustomer[];
  /** From the faults' end on nothing changes any more. */
  readonly giveUpAt: number;
}

/** Changes of the clocks: of the United States and of Europe, forward and back, in UTC. */
const DST = [
  { at: Date.UTC(2026, 2, 8, 7), zone: 'America/New_York', clearAfterMs: 5 * MINUTE },
  { at: Date.UTC(2026, 10, 1, 6), zone: 'America/New_York', clearAfterMs: 65 * MINUTE },
  { at: Date.UTC(2026, 2, 29, 1), zone: 'Europe/Berlin', clearAfterMs: 5 * MINUTE },
  { at: Date.UTC(2026, 9, 25, 1), zone: 'Europe/Berlin', clearAfterMs: 65 * MINUTE },
] as const;

/** What a seed stands for: who is there, what their policies say, how their load goes. */
export function scenarioOf(seed: number): Scenario {
  const die = dice(seed, 'scenario');
  const large = seed % 100 === 0;
  const edge = die.chance(0.15) ? die.pick(DST) : undefined;
  const zone = edge?.zone ?? die.pick(['UTC', 'America/New_York', 'Asia/Kolkata']);
  const anyTime = Date.UTC(2026, die.int(0, 11), die.int(1, 28), die.int(0, 23), die.int(0, 59));
  // Local times that occur once: an edge in the hour that is there twice would have two right answers.
  const start = edge === undefined ? anyTime : edge.at + edge.clearAfterMs;
  const faultsFrom = start + die.int(60, 150) * 1_000;
  const faultsUntil = faultsFrom + (large ? 45 : die.int(18, 22)) * MINUTE;
  const count = large ? 5 : 2;
  const customers = Array.from({ length: count }, (_, i): SimulatedCustomer => {
    const name = ['acme', 'bolt', 'cove', 'dune', 'echo'][i] ?? `customer-${i}`;
    const accountId = String(111_111_111_111 + i * 111_111_111_111);
    const size = large ? die.int(8, 12) : die.chance(0.08) ? 5 : die.int(1, 3);
    return {
      name,
      accountId,
      services: services(die, { name, accountId, size, start, faultsFrom, faultsUntil, zone, forgetful: seed % 4 === 0 }),
    };
  });
  return { seed, large, start, faultsFrom, faultsUntil, dstEdge: edge !== undefined, customers, giveUpAt: faultsUntil + 30 * MINUTE };
}

interface Setting {
  readonly name: string;
  readonly accountId: string;
  readonly size: number;
  readonly start: number;
  readonly faultsFrom: number;
  readonly faultsUntil: number;
  readonly zone: string;
  /** Web services go by their readings for no longer than it takes. */
  readonly forgetful: boolean;
}

function services(die: Dice, setting: Setting): SimulatedService[] {
  // The same names and groups at every customer's: what is left out of a key is found by that.
  return Array.from({ length: setting.size }, (_, i): SimulatedService => {
    const group = `shop${Math.floor(i / 4) || ''}`;
    const kind: Kind = i % 4 === 0 ? 'web' : i % 4 === 1 ? die.pick(['worker', 'web']) : die.pick(['web', 'sqs', 'sqs']);
    const name = `${kind}${i || ''}`;
    const arn = `arn:aws:ecs:us-east-1:${setting.accountId}:service/main${i > 9 ? '-b' : ''}/${name}`;
    const min = kind === 'web' ? die.int(1, 3) : die.int(0, 2);
    const max = min + die.int(4, 12);
    const mode: Mode = die.chance(0.8) ? 'on' : die.pick(['observe', 'out-only', 'on']);
    const config: ServiceConfig = {
      customer: setting.name,
      name,
      group,
      arn,
      policy: {
        mode,
        min,
        max,
        targets: [target(die, kind, arn)],
        behavior: {
          ...defaultBehavior,
          respectManualMs: die.pick([MINUTE, 3 * MINUTE]),
          scaleIn: {
            ...defaultBehavior.scaleIn,
            max: [
              { share: 0.5, periodMs: 30_000 },
              { tasks: 1, periodMs: 30_000 },
            ],
            stabilizeMs: die.pick([30_000, MINUTE]),
          },
        },
        schedules: die.chance(0.35) ? [schedule(die, setting, max)] : [],
      },
    };
    const peak = max * 0.8;
    const load = [{ at: setting.start, tasks: die.between(0.3, peak) }];
    for (let at = setting.faultsFrom; at < setting.faultsUntil; at += die.int(60, 300) * 1_000)
      load.push({ at, tasks: die.chance(0.3) ? 0.2 : die.between(0.3, peak) });
    const startUpMs = die.int(5, 45) * 1_000;
    const reportEveryMs = die.pick([10_000, 15_000, 20_000, 30_000]);
    return {
      config: kind === 'web' && setting.forgetful ? goingStaleAfter(config, reportEveryMs * 2 + 2_000) : config,
      kind,
      startUpMs,
      reportEveryMs,
      reporters: die.pick([1, 1, 2]),
      load,
    };
  });
}

const goingStaleAfter = (config: ServiceConfig, staleAfterMs: number): ServiceConfig => ({
  ...config,
  policy: { ...config.policy, behavior: { ...config.policy.behavior, staleAfterMs } },
});

function target(die: Dice, kind: Kind, arn: string): Target {
  const common = { by: die.pick(['auto', 'range', 'range'] as const), step: { out: die.int(1, 2), in: 1 } };
  if (kind === 'web')
    return {
      kind: 'request-queue-time',
      percentile: 95,
      topMs: 50,
      lowMs: 10,
      ...common,
      ...(common.by === 'auto' ? { concurrency: 1 } : {}),
    };
  if (kind === 'worker') return { kind: 'job-latency', topMs: 30_000, lowMs: 7_500, queues: ['default'], ...common, by: 'range' };
  return {
    kind: 'metric',
    source: { from: 'sqs', queueArn: queueArnOf(arn), attribute: 'visible' },
    everySeconds: die.pick([20, 60]),
    perTask: 20,
    ...common,
    by: 'per-task',
  };
}

/** The SQS queue that a service works on. */
export const queueArnOf = (arn: string): string => {
  const { region, accountId, service } = serviceArn(arn);
  return `arn:aws:sqs:${region}:${accountId}:${service}-jobs`;
};

/** One that begins or ends while faults happen. */
function schedule(die: Dice, { faultsFrom, faultsUntil, zone }: Setting, max: number): Schedule {
  const edge = faultsFrom + die.roll() * (faultsUntil - faultsFrom);
  const at = localMinute(edge, zone);
  const clock = (minutes: number) => {
    const day = (minutes + 1_440) % 1_440;
    return `${String(Math.floor(day / 60)).padStart(2, '0')}:${String(day % 60).padStart(2, '0')}`;
  };
  const begins = die.chance(0.5);
  const bound = die.chance(0.5) ? { min: die.int(2, max) } : { max: die.int(1, max) };
  return {
    kind: 'weekly',
    name: 'a schedule',
    days: [1, 2, 3, 4, 5, 6, 7],
    from: clock(begins ? at : at - 240),
    to: clock(begins ? at + 240 : at),
    timezone: zone,
    lead: 'auto',
    ...bound,
  };
}
