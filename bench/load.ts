/**
 * npm run bench:load [-- NAME…] [-- --json] [-- --write]: the system under load, some minutes in all. `bill` counts what `sluice estimate`
 * goes by, and with --write stores it; it runs only when it is named.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { bill } from './load-bill.ts';
import { fairness } from './load-fairness.ts';
import { reportsPerCore } from './load-reports.ts';
import { idle, tickGrowth } from './load-tick.ts';
import { type Table, tableLines } from './table.ts';

interface Part {
  readonly about: string;
  readonly run: () => Promise<Table>;
  readonly onlyIfNamed?: true;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const log = (line: string) => console.error(line);

const parts: Readonly<Record<string, Part>> = {
  reports: {
    about: 'reports that a CPU second of the whole ingest handler takes, with the local run’s database over HTTP behind it',
    run: reportsPerCore,
  },
  tick: { about: 'one pass of tick by number of services, ten to a cluster; counted, and the longest shard timed', run: tickGrowth },
  fairness: { about: 'one customer floods, another’s target is breached: until its decision is stored', run: fairness },
  idle: { about: 'what an idle service costs tick in an hour, counted', run: idle },
  bill: { about: 'what a report costs, counted for sluice estimate', run: () => bill(values.write, log), onlyIfNamed: true },
};

const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no load "${unknown.join('", "')}". There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const [cpu] = cpus();
const machine = `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}, Node ${process.version}`;
const date = new Date().toISOString().slice(0, 10);
const results: { readonly name: string; readonly about: string; readonly table: Table }[] = [];
for (const [name, { about, run, onlyIfNamed }] of Object.entries(parts)) {
  if (positionals.length > 0 ? !positionals.includes(name) : onlyIfNamed) continue;
  log(`${name} …`);
  results.push({ name, about, table: await run() });
}
if (values.json) console.log(JSON.stringify({ date, machine, results }, undefined, 2));
else {
  console.log(`${date}, ${machine}`);
  for (const { name, about, table } of results) console.log(`\n${name}: ${about}\n${tableLines(table).join('\n')}`);
}
process.exit(0);
