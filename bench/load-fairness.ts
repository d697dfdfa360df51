import { performance } from 'node:perf_hooks';
import { webReport } from '../test/fakes/whole-system.ts';
import { told } from './load-fleet.ts';
import { loadSystem } from './load-system.ts';
import { median } from './median.ts';
import type { Table } from './table.ts';

const VICTIMS = 60;
/** Reports a second of the customer that floods: more than the thousand tasks of a large service send. */
const FLOOD = 200;

/**
 * How long the breach of one customer takes to become a stored decision: alone, and while another customer sends hundreds of breaching
 * reports a second to the same function. In one process both share a core, which at AWS no two reports do: the ratio is an upper bound.
 */
export async function fairness(): Promise<Table> {
  const rows: (string | number)[][] = [];
  let alone = Number.NaN;
  for (const [about, flood] of [
    ['alone', 0],
    ['another customer sends 200 breaching reports a second', FLOOD],
  ] as const) {
    const times = await reactions(flood);
    const middle = median(times);
    if (flood === 0) alone = middle;
    rows.push([about, times.length, middle, times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)] ?? Number.NaN, middle / alone]);
  }
  return { columns: ['', 'breaches', 'ms to decision, median', 'p90', '÷ alone'], rows };
}

async function reactions(flood: number): Promise<number[]> {
  const names = Array.from({ length: VICTIMS }, (_, i) => ({ customer: 'victim', name: `web-${i}` }));
  const system = await loadSystem([...names, { customer: 'flooder', name: 'flood' }]);
  const times: number[] = [];
  let ended = false;
  const flooding = (async () => {
    for (let sent = 0; !ended && flood > 0; sent++) {
      void system.report('flooder', 'flood', webReport(Date.now(), told.breach, { container: `task-${sent % 1_000}`, pid: sent }));
      await new Promise((resolve) => setTimeout(resolve, 1_000 / flood));
    }
  })();
  try {
    for (const { customer, name } of names) {
      // A service that nobody looked at yet: policy, token and controls are read on the way.
      await system.report(customer, name, webReport(Date.now(), told.breach, { container: 'warm' }));
    }
    for (const { customer, name } of names) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const began = performance.now();
      await system.report(customer, name, webReport(Date.now(), told.breach, { container: 'task-1' }));
      times.push(performance.now() - began);
    }
    for (const { customer, name } of names) {
      const control = await system.controls.get(customer, name, name);
      if (control?.decision?.kind !== 'scale')
        throw new Error(`${name} breached its target and was not scaled: ${JSON.stringify(control?.decision)}`);
    }
  } finally {
    ended = true;
    await flooding;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await system.close();
  }
  return times;
}
