import { systemClock } from '../../../lib/clock.ts';
import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import { tableContract } from '../../contracts/table-contract.ts';

tableContract('in memory', async () => {
  const table = createMemoryTable({ clock: systemClock, throttle: false });
  return { table, usage: table.usage };
});
