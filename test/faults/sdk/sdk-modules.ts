/**
 * What stands in for each package of the AWS SDK when the system is bundled for the simulation: clients whose `send` goes to the
 * gate, and commands that carry their input. Everything above the SDK is the production code.
 */
const CLIENTS: Readonly<Record<string, { readonly client: string; readonly commands: readonly string[] }>> = {
  '@aws-sdk/client-dynamodb': {
    client: 'DynamoDBClient',
    commands: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  },
  '@aws-sdk/client-sts': { client: 'STSClient', commands: ['AssumeRole', 'GetCallerIdentity'] },
  '@aws-sdk/client-ecs': {
    client: 'ECSClient',
    commands: ['DescribeClusters', 'DescribeServices', 'ListClusters', 'ListServices', 'ListTagsForResource', 'UpdateService'],
  },
  '@aws-sdk/client-sqs': { client: 'SQSClient', commands: ['GetQueueAttributes'] },
  '@aws-sdk/client-cloudwatch': { client: 'CloudWatchClient', commands: ['GetMetricData'] },
  '@aws-sdk/client-iam': { client: 'IAMClient', commands: ['ListAccountAliases'] },
  '@aws-sdk/client-account': { client: 'AccountClient', commands: ['ListRegions'] },
  '@aws-sdk/client-application-auto-scaling': {
    client: 'ApplicationAutoScalingClient',
    commands: ['DescribeScalableTargets', 'DescribeScalingPolicies', 'DescribeScheduledActions'],
  },
  '@aws-sdk/client-lambda': { client: 'LambdaClient', commands: ['Invoke'] },
};

export const sdkPackages = Object.keys(CLIENTS);

/** The source of the module that takes the package's place. */
export function sdkModule(name: string): string {
  const found = CLIENTS[name];
  if (found === undefined) throw new Error(`the simulation knows no ${name}: add it in test/faults/sdk/sdk-modules.ts`);
  const { client, commands } = found;
  const service = name.slice('@aws-sdk/client-'.length);
  return [
    `export class ${client} {`,
    '  constructor(config = {}) { this.config = { requestHandler: {}, ...config }; }',
    `  send(command) { return globalThis.sluiceGate.send(this.config, '${service}', command.name, command.input); }`,
    '  destroy() {}',
    '}',
    ...commands.map(
      (command) =>
        `export class ${command}Command { constructor(input) { this.input = input; this.name = '${command}'; this.middlewareStack = { add() {} }; } }`,
    ),
  ].join('\n');
}

/** Timers of the system are events of the scheduler. */
export const timersModule = `
export const setTimeout = (fire, ms) => globalThis.sluiceGate.setTimeout(fire, ms);
export const clearTimeout = (timer) => globalThis.sluiceGate.clearTimeout(timer);
`;
