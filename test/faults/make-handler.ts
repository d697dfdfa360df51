import type { FunctionName, Surroundings } from './platform.ts';
import type * as System from './system-under-test.ts';

export type SystemUnderTest = typeof System;

type Handler = ReturnType<ConstructorParameters<typeof import('./platform.ts').Platform>[0]['make']>;

/** A function as functions/*.ts wires it, at the simulation's edges. `hand`: how it hands work to another invocation. */
export function makeHandler(
  system: SystemUnderTest,
  surroundings: Surroundings,
  hand: (name: FunctionName, event: unknown) => Promise<void>,
): Handler {
  const { id, name, clock, random, journal } = surroundings;
  const region = 'us-east-1';
  const table = system.createDynamoTable({ name: 'sluice-sim', clock, random, client: system.dynamoClient(id) });
  const base = { table, clock, random, journal, historyDays: 30, dueShards: 1 };
  const aws = { deployment: 'sim', region, clock, random, endpoints: { sts: id, ecs: id, sqs: id, cloudwatch: id, others: id } };
  switch (name) {
    case 'ingest':
      return system.createIngest(base);
    case 'scale':
      return system.createScale({ ...base, customerAws: system.createCustomerAws(aws) });
    case 'tick':
      return system.createTick({ ...base, customerAws: system.createCustomerAws(aws), fanOut: (event) => hand('tick', event) });
    case 'collect':
      return system.createCollect({ ...base, metricsAws: system.createMetricsAws(aws), fanOut: (event) => hand('collect', event) });
    case 'discover':
      return system.createDiscover({
        ...base,
        customerAws: system.createCustomerAws(aws),
        accountAws: system.createAccountAws(aws),
        operatorAccountId: '000000000000',
        homeRegion: region,
        fanOut: (event) => hand('discover', event),
      });
    case 'admin':
      return system.createAdmin({
        ...base,
        customerAws: system.createCustomerAws(aws),
        operatorAccountId: '000000000000',
        stage: 'sim',
        unsignedCaller: 'somebody',
        examine: () => Promise.reject(new Error('nobody asks for a doctor here')),
      });
  }
}
