import { spawn } from 'node:child_process';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createIngest } from '../lib/ingest/create-ingest.ts';
import type { Journal } from '../lib/journal.ts';
import { lambdaContext } from '../lib/local/lambda-context.ts';
import type { ServiceConfig } from '../lib/policy/policy.ts';
import { systemRandom } from '../lib/random.ts';
import { createConfigStore } from '../lib/stores/config-store.ts';
import { createControlStore } from '../lib/stores/control-store.ts';
import { createTokenStore } from '../lib/stores/token-store.ts';
import { createTokenAuthority } from '../lib/tokens/token-authority.ts';
import { aPolicy } from '../test/builders/policies.ts';
import { aControl } from '../test/builders/records.ts';
import { functionUrlEvent } from '../test/fakes/whole-system.ts';
import { benchTable } from './bench-table.ts';

const silent: Journal = { decision: () => {}, outcome: () => {}, problem: () => {}, warn: () => {} };

/** The embedded database in a process of its own, so that what it does is not counted as the handler's work. */
function startDatabase(): Promise<{ readonly endpoint: string; close(): void }> {
  const script = `const server = require('dynalite')({ createTableMs: 0 });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['--no-warnings', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (port: Buffer) =>
      resolve({ endpoint: `http://127.0.0.1:${String(port).trim()}`, close: () => void child.kill() }),
    );
  });
}

export const loadArn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`;

/** Services under care, ten tasks each, in a group of their own, and the deployed ingest handler over the local run's database. */
export async function loadSystem(services: readonly { readonly customer: string; readonly name: string }[], clock: Clock = systemClock) {
  const database = await startDatabase();
  const { client, meter, table } = await benchTable(database.endpoint);
  const configs = createConfigStore(table);
  const controls = createControlStore(table);
  const authority = createTokenAuthority(createTokenStore(table), clock, systemRandom);
  const tokens = new Map<string, string>();
  for (const { customer, name } of services) {
    const config: ServiceConfig = { customer, name, group: name, arn: loadArn(name), policy: aPolicy({ min: 10, max: 1_000 }) };
    await configs.put(config);
    await controls.commit(
      aControl({
        customer,
        group: name,
        service: name,
        state: { kind: 'known', at: clock.now(), desired: 10, running: 10, pending: 0, deployment: 'none' },
      }),
    );
    tokens.set(`${customer}/${name}`, await authority.issue({ customer, service: name, group: name }));
  }
  const ingest = createIngest({ table, clock, random: systemRandom, journal: silent, historyDays: 30, dueShards: 1 });
  return {
    usage: () => meter.total(),
    controls,
    /** @returns whether it was taken. */
    async report(customer: string, name: string, body: unknown): Promise<boolean> {
      // Of its own each time: Lambda gives an invocation its time when it begins.
      const context = lambdaContext('ingest', 'bench', 10_000, clock.now);
      const answer = await ingest(
        functionUrlEvent('POST', `/${tokens.get(`${customer}/${name}`) ?? ''}/v3/reports`, JSON.stringify(body), {}),
        context,
      );
      return typeof answer !== 'string' && answer.statusCode === 200;
    },
    async close() {
      client.destroy();
      database.close();
    },
  };
}
