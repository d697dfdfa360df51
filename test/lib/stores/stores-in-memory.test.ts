import { createMemoryTable } from '../../../lib/stores/memory-table.ts';
import { createVirtualClock } from '../../../lib/virtual-clock.ts';
import { T0 } from '../../builders/times.ts';
import { storesContract } from '../../contracts/stores-contract.ts';

storesContract('in memory', async () => {
  const table = createMemoryTable({ clock: createVirtualClock(T0) });
  return { table, usage: table.usage };
});
