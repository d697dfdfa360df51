import { AwsFailure } from '../../lib/aws/aws-failure.ts';
import type { Table } from '../../lib/stores/table.ts';

/** Which writes fail, by their number since the last `arm`, from 1; and whether one that fails was done all the same. */
export interface Failing {
  readonly writes: (number: number) => boolean;
  readonly done?: boolean;
}

/** A table whose writes fail as they are told to: refused, or done with their answer lost. */
export function failingTable() {
  let failing: Failing = { writes: () => false };
  let written = 0;
  const write = async <T>(call: string, act: () => Promise<T>): Promise<T> => {
    written += 1;
    if (!failing.writes(written)) return act();
    if (failing.done) await act();
    throw new AwsFailure('unavailable', `dynamodb:${call}`, `write ${written} was told to fail`);
  };
  return {
    around: (table: Table): Table => ({
      get: table.get,
      getMany: table.getMany,
      query: table.query,
      queryDue: table.queryDue,
      put: (...given) => write('PutItem', () => table.put(...given)),
      update: (...given) => write('UpdateItem', () => table.update(...given)),
      delete: (...given) => write('DeleteItem', () => table.delete(...given)),
      putMany: (...given) => write('BatchWriteItem', () => table.putMany(...given)),
      deleteMany: (...given) => write('BatchWriteItem', () => table.deleteMany(...given)),
    }),
    arm(next: Failing) {
      failing = next;
      written = 0;
    },
    /** No write fails any more; the count goes on. */
    heal() {
      failing = { writes: () => false };
    },
    /** Writes since the last `arm`. */
    written: () => written,
  };
}
