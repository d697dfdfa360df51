/**
 * npm run bench [-- NAME…] [-- --json]: runs the benches named, or all of them. Figures depend on the machine, which is
 * printed beside them; ratios are taken from interleaved runs and travel better.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { bundles } from './bundles.ts';
import { reportCost, tickCost } from './cost.ts';
import { decisions } from './decide.ts';
import { ingestCpu } from './ingest-cpu.ts';
import { reaction } from './reaction.ts';
import { simulation } from './simulation.ts';
import { type Table, tableLines } from './table.ts';

interface Bench {
  readonly about: string;
  readonly run: () => Table | Promise<Table>;
}

const benches: Readonly<Record<string, Bench>> = {
  reaction: {
    about: 'a report reaching ingest to UpdateService leaving scale, warm, in the local run (without AWS’s stream poll and network)',
    run: reaction,
  },
  'report-cost': { about: 'DynamoDB calls and capacity units per report, counted', run: reportCost },
  'tick-cost': { about: 'calls and capacity units of an idle service, counted over an hour', run: tickCost },
  decide: { about: 'evaluations a second on one core, and bytes of memory kept for a service', run: decisions },
  simulation: { about: 'a simulated week of one-minute traffic beside as many bare decisions', run: simulation },
  bundles: { about: 'size and init time of each function', run: bundles },
  'ingest-cpu': {
    about: 'CPU of one report (decode, validate, digest, hash, pack) beside JSON.parse of the same body',
    run: () => ({
      columns: ['samples', 'ingest µs', 'JSON.parse µs', 'ratio'],
      rows: ingestCpu().map(({ samples, ingestMicros, parseMicros, ratio }) => [samples, ingestMicros, parseMicros, ratio]),
    }),
  },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join('", "')}". There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

const [cpu] = cpus();
const machine = `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}, Node ${process.version}`;
const results: { readonly name: string; readonly about: string; readonly table: Table }[] = [];
if (!values.json) console.log(`${machine}`);
for (const [name, { about, run }] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const table = await run();
  results.push({ name, about, table });
  if (!values.json) console.log(`\n${name}: ${about}\n${tableLines(table).join('\n')}`);
}
if (values.json) console.log(JSON.stringify({ machine, results }, undefined, 2));
