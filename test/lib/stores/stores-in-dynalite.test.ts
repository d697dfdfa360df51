import { tableInDynalite } from '../../contracts/dynamodb-endpoint.ts';
import { storesContract } from '../../contracts/stores-contract.ts';

storesContract('DynamoDB’s protocol, spoken to dynalite', tableInDynalite);
