import { tableInDynalite } from '../../contracts/dynamodb-endpoint.ts';
import { tableContract } from '../../contracts/table-contract.ts';

tableContract('DynamoDB’s protocol, spoken to dynalite', tableInDynalite, ['expression-size', 'operators', 'index-capacity']);
