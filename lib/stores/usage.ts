/** The calls that a table makes of DynamoDB, by its own names. */
export type Operation = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'BatchWriteItem' | 'Query';

/** What a table has cost since its meter began: requests and capacity units, as DynamoDB bills them. */
export interface Usage {
  readonly calls: Readonly<Record<Operation, number>>;
  /** Read units by strongly consistent reads (4 KB each) and by eventually consistent ones (half a unit for 4 KB). */
  readonly consistentReadUnits: number;
  readonly eventualReadUnits: number;
  /** Write units of the table itself, 1 KB each. */
  readonly writeUnits: number;
  /** Write units of the index `due`. */
  readonly indexWriteUnits: number;
  readonly conditionFailures: number;
  readonly throttles: number;
}

export interface UsageMeter {
  call(operation: Operation): void;
  read(units: number, consistent: boolean): void;
  write(units: number, indexUnits: number): void;
  conditionFailed(): void;
  throttled(): void;
  /** What has been counted up to now; a copy. */
  total(): Usage;
}

export const createUsageMeter = (): UsageMeter => {
  const calls: Record<Operation, number> = {
    GetItem: 0,
    BatchGetItem: 0,
    PutItem: 0,
    UpdateItem: 0,
    DeleteItem: 0,
    BatchWriteItem: 0,
    Query: 0,
  };
  const units = { consistentReadUnits: 0, eventualReadUnits: 0, writeUnits: 0, indexWriteUnits: 0, conditionFailures: 0, throttles: 0 };
  return {
    call: (operation) => {
      calls[operation] += 1;
    },
    read: (count, consistent) => {
      if (consistent) units.consistentReadUnits += count;
      else units.eventualReadUnits += count;
    },
    write: (count, indexCount) => {
      units.writeUnits += count;
      units.indexWriteUnits += indexCount;
    },
    conditionFailed: () => {
      units.conditionFailures += 1;
    },
    throttled: () => {
      units.throttles += 1;
    },
    total: () => ({ calls: { ...calls }, ...units }),
  };
};

/** What was used between two readings of a meter. */
export const usageBetween = (before: Usage, after: Usage): Usage => ({
  calls: {
    GetItem: after.calls.GetItem - before.calls.GetItem,
    BatchGetItem: after.calls.BatchGetItem - before.calls.BatchGetItem,
    PutItem: after.calls.PutItem - before.calls.PutItem,
    UpdateItem: after.calls.UpdateItem - before.calls.UpdateItem,
    DeleteItem: after.calls.DeleteItem - before.calls.DeleteItem,
    BatchWriteItem: after.calls.BatchWriteItem - before.calls.BatchWriteItem,
    Query: after.calls.Query - before.calls.Query,
  },
  consistentReadUnits: after.consistentReadUnits - before.consistentReadUnits,
  eventualReadUnits: after.eventualReadUnits - before.eventualReadUnits,
  writeUnits: after.writeUnits - before.writeUnits,
  indexWriteUnits: after.indexWriteUnits - before.indexWriteUnits,
  conditionFailures: after.conditionFailures - before.conditionFailures,
  throttles: after.throttles - before.throttles,
});
