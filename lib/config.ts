/** The environment, read once, at the edge. Every problem is named at once. */
export interface Config {
  readonly tableName: string;
  /** The stage: part of the path of the functions' roles, which customers trust. */
  readonly stage: string;
  /** Short name of this deployment, spoken in the session names that customers see in CloudTrail. */
  readonly deployment: string;
  /** The Region that Sluice itself runs in. */
  readonly region: string;
  /** Sluice's own account. */
  readonly operatorAccountId: string;
  readonly historyDays: number;
  /** How long changes that people made are kept. */
  readonly changeDays: number;
  /** Partitions of the due index; one is enough up to some ten thousand services. */
  readonly dueShards: number;
  /** The function's own name, which tick fans out to. */
  readonly functionName: string;
  /** The bus that notices are put on; absent: none are. */
  readonly eventBus?: string;
  /** Where EventBridge is; absent: AWS's own in `region`. */
  readonly eventsEndpoint?: string;
  /** Asked with GET after each minute's work of tick. Whoever knows it can keep the monitor quiet: it is never logged. */
  readonly heartbeatUrl?: string;
  /** What report URLs begin with: the function URL of ingest, or a host name of the operator's own. */
  readonly reportsUrl?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Each stands alone. */
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The environment does not fit:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export function parseConfig(env: Env): Config {
  const problems: string[] = [];
  const text = (name: string, pattern: RegExp, rule: string, fallback?: string): string => {
    const value = env[name] ?? fallback;
    if (value === undefined) problems.push(`${name} is not set: ${rule}`);
    else if (!pattern.test(value)) problems.push(`${name} is ${JSON.stringify(value)}: ${rule}`);
    return value ?? '';
  };
  const count = (name: string, low: number, high: number, fallback: number): number => {
    const value = Number(env[name] ?? fallback);
    if (!Number.isInteger(value) || value < low || value > high) {
      problems.push(`${name} is ${JSON.stringify(env[name])}: a whole number from ${low} to ${high} is needed`);
    }
    return value;
  };
  // CloudFormation hands an empty text where a parameter was left out. Values are not shown: a URL may be a secret.
  const url = (name: string): string | undefined => {
    const value = env[name];
    if (value === undefined || value === '') return undefined;
    if (!/^https?:/.test(value) || !URL.canParse(value)) problems.push(`${name} is not a URL: one that begins with https:// is needed`);
    return value;
  };
  const eventBus = env['SLUICE_EVENT_BUS'] ? text('SLUICE_EVENT_BUS', /^[\w./-]{1,256}$/, 'the name of an event bus is needed') : undefined;
  const eventsEndpoint = url('AWS_ENDPOINT_URL_EVENTBRIDGE') ?? url('AWS_ENDPOINT_URL');
  const heartbeatUrl = url('SLUICE_HEARTBEAT_URL');
  const reportsUrl = url('SLUICE_REPORTS_URL');
  const config: Config = {
    tableName: text('SLUICE_TABLE', /^[\w.-]{3,255}$/, 'the name of the DynamoDB table is needed'),
    stage: text('SLUICE_STAGE', /^[a-z][a-z0-9-]{0,19}$/, 'lower-case letters, digits and dashes, at most 20, are needed'),
    deployment: text(
      'SLUICE_DEPLOYMENT',
      /^[a-z][a-z0-9-]{0,19}$/,
      'lower-case letters, digits and dashes, at most 20, are needed',
      'sluice',
    ),
    region: text('AWS_REGION', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region such as eu-central-1 is needed'),
    operatorAccountId: text('SLUICE_ACCOUNT_ID', /^\d{12}$/, 'the twelve digits of the account that Sluice runs in are needed'),
    historyDays: count('SLUICE_HISTORY_DAYS', 1, 3650, 30),
    changeDays: count('SLUICE_CHANGE_DAYS', 1, 3650, 400),
    dueShards: count('SLUICE_DUE_SHARDS', 1, 64, 1),
    functionName: text('AWS_LAMBDA_FUNCTION_NAME', /^[\w-]{1,140}$/, 'Lambda sets it', 'sluice-local'),
    ...(eventBus === undefined ? {} : { eventBus }),
    ...(eventsEndpoint === undefined ? {} : { eventsEndpoint }),
    ...(heartbeatUrl === undefined ? {} : { heartbeatUrl }),
    ...(reportsUrl === undefined ? {} : { reportsUrl }),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
