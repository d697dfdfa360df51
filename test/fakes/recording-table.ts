import type { Table } from '../../lib/stores/table.ts';

/** A call to DynamoDB, as IAM writes it. */
export interface TableCall {
  readonly action: string;
  /** The index asked; absent: the table itself. */
  readonly index?: string;
}

/** A table that tells which calls lib/aws/dynamodb-table.ts would make for what is asked of it. */
export function recordingTable(table: Table, record: (call: TableCall) => void): Table {
  const told =
    <Given extends unknown[], Answer>(operation: string, call: (...given: Given) => Answer, index?: string) =>
    (...given: Given): Answer => {
      record({ action: `dynamodb:${operation}`, ...(index === undefined ? {} : { index }) });
      return call(...given);
    };
  return {
    get: told('GetItem', table.get),
    getMany: told('BatchGetItem', table.getMany),
    put: told('PutItem', table.put),
    update: told('UpdateItem', table.update),
    delete: told('DeleteItem', table.delete),
    putMany: told('BatchWriteItem', table.putMany),
    deleteMany: told('BatchWriteItem', table.deleteMany),
    query: told('Query', table.query),
    queryDue: told('Query', table.queryDue, 'due'),
  };
}
