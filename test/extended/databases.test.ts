import { describe } from 'vitest';
import { tableAt } from '../contracts/dynamodb-endpoint.ts';
import { storesContract } from '../contracts/stores-contract.ts';
import { tableContract } from '../contracts/table-contract.ts';

/** The suites that the table in memory and dynalite pass in `npm test`, against databases that are not ours. */
const dynamodbLocal = process.env['SLUICE_DYNAMODB_LOCAL_URL'];
const moto = process.env['SLUICE_MOTO_URL'];

describe.skipIf(dynamodbLocal === undefined)("AWS's DynamoDB Local", () => {
  const make = () => tableAt(dynamodbLocal ?? '', { streams: true, ttl: true });
  tableContract("DynamoDB's protocol, spoken to AWS's DynamoDB Local", make);
  storesContract("AWS's DynamoDB Local", make);
});

// Of moto's own ways (it knows no limits and counts no capacity, and comparing text with a number is an error 500) the
// stores see nothing: they are what is asked of it.
describe.skipIf(moto === undefined)('moto', () => {
  storesContract('moto', () => tableAt(moto ?? '', { streams: true, ttl: true }));
});
