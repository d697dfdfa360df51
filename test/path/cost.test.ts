import { describe, expect, it } from 'vitest';
import { type Usage, usageBetween } from '../../lib/stores/usage.ts';
import { aPolicy } from '../builders/policies.ts';
import { minutes, seconds } from '../builders/times.ts';
import { webReport, wholeSystem } from '../fakes/whole-system.ts';

const arn = (name: string, cluster = 'shop') => `arn:aws:ecs:us-east-1:111122223333:service/${cluster}/${name}`;

const unitsOf = (used: Usage) => used.consistentReadUnits + used.eventualReadUnits + used.writeUnits + used.indexWriteUnits;

interface Cost {
  readonly calls: number;
  readonly units: number;
  readonly writeUnits: number;
}

/** Reports every 10 s of each of `reporters`, spread over the services of one group, for `slots` slots; the cost of one report. */
async function costPerReport(options: {
  reporters: number;
  services: number;
  queueTimes: readonly number[];
  slots?: number;
}): Promise<Cost> {
  const { reporters, services, queueTimes, slots = 12 } = options;
  const system = wholeSystem();
  await system.connect();
  const names = Array.from({ length: services }, (_, i) => `web-${i}`);
  for (const name of names) system.aws.put({ arn: arn(name) });
  const { tokens } = await system.apply(
    names.map((name) => ({ customer: 'acme', name, group: 'shop', arn: arn(name), policy: aPolicy({ min: 2, max: 2 }) })),
  );
  await system.tick();
  const tokenOf = (reporter: number) => tokens.get(names[reporter % services] ?? '') ?? '';
  const slot = async () => {
    const gap = seconds(10) / reporters;
    for (let reporter = 0; reporter < reporters; reporter++) {
      await system.report(tokenOf(reporter), webReport(system.clock.now(), queueTimes, { container: `task-${reporter}` }));
      await system.clock.advance(gap);
    }
  };
  // The wide window fills before anything is counted.
  for (let i = 0; i < 6; i++) await slot();
  const before = system.table.usage();
  for (let i = 0; i < slots; i++) await slot();
  const used = usageBetween(before, system.table.usage());
  const reports = slots * reporters;
  const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0);
  return { calls: calls / reports, units: unitsOf(used) / reports, writeUnits: (used.writeUnits + used.indexWriteUnits) / reports };
}

const calm = [1, 2, 1, 2, 1];
const breach = Array.from({ length: 30 }, () => 400);

describe('what a report costs', () => {
  for (const [name, queueTimes] of [
    ['in calm', calm],
    ['while a target is breached', breach],
  ] as const) {
    it(`${name}, calls and capacity per report do not grow from 1 to 10 to 1,000 reporters`, async () => {
      const one = await costPerReport({ reporters: 1, services: 1, queueTimes });
      const ten = await costPerReport({ reporters: 10, services: 1, queueTimes });
      const thousand = await costPerReport({ reporters: 1_000, services: 1, queueTimes, slots: 3 });
      console.info(name, { one, ten, thousand });
      for (const many of [ten, thousand]) {
        expect(many.calls).toBeLessThanOrEqual(1.2 * one.calls);
        expect(many.units).toBeLessThanOrEqual(1.2 * one.units);
        expect(many.writeUnits).toBeLessThanOrEqual(1.2 * one.writeUnits);
      }
    });

    it(`${name}, a group of 50 services costs no more per report than a group of one with as many reporters`, async () => {
      const one = await costPerReport({ reporters: 50, services: 1, queueTimes });
      const fifty = await costPerReport({ reporters: 50, services: 50, queueTimes });
      console.info(name, { one, fifty });
      expect(fifty.calls).toBeLessThanOrEqual(1.2 * one.calls);
      expect(fifty.units).toBeLessThanOrEqual(1.2 * one.units);
    });
  }
});

describe('what an idle service costs tick in an hour', () => {
  for (const [name, clusters, perCluster] of [
    ['with ten services to a cluster', 10, 10],
    ['with one service to a cluster', 10, 1],
  ] as const) {
    it(name, async () => {
      const system = wholeSystem();
      await system.connect();
      const configs = Array.from({ length: clusters }, (_, c) =>
        Array.from({ length: perCluster }, (_unused, s) => ({
          customer: 'acme',
          name: `web-${c}-${s}`,
          group: `shop-${c}`,
          arn: arn(`web-${c}-${s}`, `cluster-${c}`),
          policy: aPolicy({ min: 2 }),
        })),
      ).flat();
      for (const config of configs) system.aws.put({ arn: config.arn });
      await system.apply(configs);
      for (let minute = 0; minute < 10; minute++) {
        await system.tick();
        await system.clock.advance(minutes(1));
      }
      const before = system.table.usage();
      const callsBefore = system.aws.calls.length;
      for (let minute = 0; minute < 60; minute++) {
        await system.tick();
        await system.clock.advance(minutes(1));
      }
      const used = usageBetween(before, system.table.usage());
      // A warm function assumes a role once an hour; the fake keeps no sessions, so that part is left out here.
      const atCustomers = system.aws.calls.slice(callsBefore).filter((call) => call.action !== 'sts:AssumeRole').length + clusters;
      const calls = Object.values(used.calls).reduce((sum, n) => sum + n, 0) + atCustomers;
      const units = unitsOf(used);
      console.info(name, { calls: calls / configs.length, units: units / configs.length });
      if (perCluster === 10) {
        expect(calls / configs.length).toBeLessThanOrEqual(10);
        expect(units / configs.length).toBeLessThanOrEqual(100);
      }
    });
  }
});
