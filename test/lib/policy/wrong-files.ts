/** One mistake each, in a file that is right but for it. */
export interface WrongFile {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly path: string;
  readonly rule: string;
  readonly message: RegExp;
  /** What the JSON Schema cannot see: relations between values, and what libraries know. */
  readonly beyondSchema?: true;
}

const head = `services:
  web:
    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/web
    tasks: { min: 2, max: 40 }
    scale:
`;

/** A service that is right; `scale` holds one entry, from line 6 on. */
export const withEntry = (entry: string) => `${head}      - ${entry}\n`;
const fine = withEntry('request-queue-time: { p95: 50ms }');
/** `rest` begins in line 7, inside of the service. */
export const withRest = (rest: string) => `${fine}    ${rest}\n`;
export const withSchedule = (schedule: string) => withRest(`schedules: [${schedule}]`);
const replaced = (from: string, to: string) => fine.replace(from, to);

const entry = (name: string, text: string, path: string, rule: string, message: RegExp, beyondSchema?: true): WrongFile => ({
  name,
  text: withEntry(text),
  line: 6,
  path: `services.web.scale[0]${path}`,
  rule,
  message,
  ...(beyondSchema ? { beyondSchema } : {}),
});
const rest = (name: string, text: string, path: string, rule: string, message: RegExp, beyondSchema?: true): WrongFile => ({
  ...entry(name, '', '', rule, message, beyondSchema),
  text: withRest(text),
  line: 7,
  path: `services.web.${path}`,
});
const schedule = (name: string, text: string, path: string, rule: string, message: RegExp, beyondSchema?: true): WrongFile => ({
  ...rest(name, '', '', rule, message, beyondSchema),
  text: withSchedule(text),
  path: `services.web.schedules[0]${path}`,
});
const base = (name: string, text: string, line: number, path: string, rule: string, message: RegExp, beyondSchema?: true): WrongFile => ({
  name,
  text,
  line,
  path,
  rule,
  message,
  ...(beyondSchema ? { beyondSchema } : {}),
});

export const wrongFiles: readonly WrongFile[] = [
  base('a list instead of a file', '- a\n', 1, '', 'type', /has to be|is a map/),
  base('an empty file', '', 1, '', 'type', /is a map with `services`, not nothing/),
  base('no services', 'customer: acme\n', 1, 'services', 'required', /`services` is missing/),
  base('an empty map of services', 'services: {}\n', 1, 'services', 'range', /at least one/),
  base('an unknown key at the top', `service: {}\n${fine}`, 1, 'service', 'unknown-key', /did you mean `services`/),
  base('a customer with capitals', `customer: Acme\n${fine}`, 1, 'customer', 'format', /lower-case/),
  base('a newer version', `version: 2\n${fine}`, 1, 'version', 'one-of', /version 1/),
  base('a service with an underscore', replaced('web:', 'my_web:'), 2, 'services.my_web', 'format', /service's name/),
  base('an old ARN', replaced('shop/web', 'web'), 3, 'services.web.arn', 'format', /service\/<cluster>\/web/),
  base('a region of another partition', replaced('us-east-1', 'cn-north-1'), 3, 'services.web.arn', 'format', /aws-cn/, true),
  base('a partition that is not served', replaced('arn:aws:', 'arn:aws-iso:'), 3, 'services.web.arn', 'format', /looks like/),
  base('no bounds', replaced('tasks:', 'task:'), 4, 'services.web.task', 'unknown-key', /did you mean `tasks`/),
  base('min over max', replaced('min: 2', 'min: 41'), 4, 'services.web.tasks.max', 'conflict', /at least min \(41\)/, true),
  base('a negative min', replaced('min: 2', 'min: -1'), 4, 'services.web.tasks.min', 'range', /0 to 5000/),
  base('half a task', replaced('min: 2', 'min: 2.5'), 4, 'services.web.tasks.min', 'range', /whole number/),
  base('a quoted number', replaced('min: 2', 'min: "2"'), 4, 'services.web.tasks.min', 'type', /write 2 without quotes/),
  base('a max over what ECS has', replaced('max: 40', 'max: 5001'), 4, 'services.web.tasks.max', 'range', /0 to 5000/),
  base('max missing', replaced(', max: 40', ''), 4, 'services.web.tasks.max', 'required', /`max` is missing/),
  base(
    'an active floor over max',
    replaced('max: 40', 'max: 40, active: 41'),
    4,
    'services.web.tasks.active',
    'conflict',
    /from min \(2\) to max \(40\)/,
    true,
  ),
  base(
    'eleven targets',
    `${head}${'      - utilization: { target: 70% }\n'.repeat(11)}`,
    6,
    'services.web.scale',
    'range',
    /1 to 10 targets; here are 11/,
  ),

  entry('two targets in one entry', '{ utilization: { target: 70% }, job-depth: { per-task: 1 } }', '', 'conflict', /begin a new entry/),
  entry('no target in an entry', '{ by: range }', '', 'required', /has one target/),
  entry('an entry of text', 'request-queue-time', '', 'type', /has to be a map/),
  entry('a number without a unit', 'request-queue-time: { p95: 50 }', '.request-queue-time.p95', 'format', /50 has no unit: write 50ms/),
  entry('a unit that is none', 'request-queue-time: { p95: 50 msec }', '.request-queue-time.p95', 'format', /no duration/),
  entry('a duration with two units', 'job-latency: { target: 1h30m }', '.job-latency.target', 'format', /no duration/),
  entry('half a millisecond', 'request-queue-time: { p95: 0.5ms }', '.request-queue-time.p95', 'format', /no duration/),
  entry('no objective', 'request-queue-time: {}', '.request-queue-time', 'required', /p50 to p99.9/),
  entry('two percentiles', 'request-queue-time: { p50: 20ms, p95: 50ms }', '.request-queue-time', 'conflict', /p50 and p95/),
  entry('a percentile under p50', 'request-queue-time: { p49: 20ms }', '.request-queue-time.p49', 'unknown-key', /is no key here/),
  entry(
    'a low over the objective',
    'request-queue-time: { p95: 50ms, low: 60ms }',
    '.request-queue-time.low',
    'conflict',
    /under p95 \(50ms\)/,
    true,
  ),
  entry('a low equal to the target', 'utilization: { target: 70%, low: 70% }', '.utilization.low', 'conflict', /under target/, true),
  entry('a share without its sign', 'utilization: { target: 0.7 }', '.utilization.target', 'format', /70%/),
  entry('more than all', 'utilization: { target: 120% }', '.utilization.target', 'range', /1% to 100%/, true),
  entry('queues that are no list', 'job-latency: { queues: default, target: 30s }', '.job-latency.queues', 'type', /leave it out for all/),
  entry('an empty list of queues', 'job-latency: { queues: [], target: 30s }', '.job-latency.queues', 'range', /1 to 100 queues/),
  entry('a queue named by a number', 'job-latency: { queues: [1], target: 30s }', '.job-latency.queues[0]', 'type', /write "1" in quotes/),
  entry('a queue twice', 'job-latency: { queues: [a, a], target: 30s }', '.job-latency.queues[1]', 'unique', /already/),
  entry('a job latency without target', 'job-latency: { queues: [a] }', '.job-latency.target', 'required', /`target` is missing/),
  entry('a map of queues and a target', 'job-latency: { queues: { a: 1s }, target: 30s }', '.job-latency.target', 'conflict', /own target/),
  entry('a map of queues without durations', 'job-latency: { queues: { a: 1 } }', '.job-latency.queues.a', 'format', /no unit/),
  entry('a depth without its share', 'job-depth: { queues: [a] }', '.job-depth.per-task', 'required', /per-task: 20/),
  entry('nothing per task', 'job-depth: { per-task: 0 }', '.job-depth.per-task', 'range', /from 0.001/),
  entry('infinitely many per task', 'job-depth: { per-task: .inf }', '.job-depth.per-task', 'range', /a number from/),
  entry('a boolean in words', 'job-depth: { per-task: 1, include-busy: yes }', '.job-depth.include-busy', 'type', /true or false/),
  entry('an unknown way', '{ job-depth: { per-task: 1 }, by: pertask }', '.by', 'one-of', /did you mean `per-task`/),
  entry(
    'a queue time by what each task takes',
    '{ request-queue-time: { p95: 50ms }, by: per-task }',
    '.by',
    'conflict',
    /not shared among tasks.*`by: drain` or `by: range`/,
  ),
  entry(
    'a response time by what each task takes',
    '{ response-time: { p95: 1s }, by: per-task }',
    '.by',
    'conflict',
    /not shared among tasks.*`by: range`/,
  ),
  entry('a response time by drain', '{ response-time: { p95: 1s }, by: drain }', '.by', 'conflict', /may come from anywhere.*`by: range`/),
  entry('a job latency by what each task takes', '{ job-latency: { target: 30s }, by: per-task }', '.by', 'conflict', /`job-depth`/),
  entry('a depth by drain', '{ job-depth: { per-task: 1 }, by: drain }', '.by', 'conflict', /names none.*`job-latency`/),
  entry('a utilization by drain', '{ utilization: { target: 70% }, by: drain }', '.by', 'conflict', /names none.*`by: range`/),
  entry(
    'a metric by drain',
    '{ metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", per-task: 5 }, by: drain }',
    '.by',
    'conflict',
    /does not tell.*`by: per-task`/,
  ),
  entry(
    'a threshold without unit for an age',
    'metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", attribute: age, target: 5s, activation: 1 }',
    '.metric.activation',
    'format',
    /no unit/,
  ),
  entry('no step', '{ job-depth: { per-task: 1 }, step: { out: 0 } }', '.step.out', 'range', /1 to 5000/),
  entry('a concurrency of text', '{ job-depth: { per-task: 1 }, concurrency: many }', '.concurrency', 'type', /whole number/),
  entry('a metric without a source', 'metric: { target: 5 }', '.metric', 'required', /one source/),
  entry(
    'a metric with two sources',
    'metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", cloudwatch: { namespace: a, metric: b }, target: 5 }',
    '.metric',
    'required',
    /one source/,
  ),
  entry(
    'a metric that is to be collected at an odd pace',
    'metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", every: 25s, per-task: 5 }',
    '.metric.every',
    'one-of',
    /10s, 20s, 30s or 60s/,
  ),
  entry(
    'a metric that is to be collected more often than it changes',
    'metric: { cloudwatch: { namespace: a, metric: b }, every: 10s, target: 5 }',
    '.metric.every',
    'conflict',
    /each 60s/,
    true,
  ),
  entry('a metric without a wanted value', 'metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q" }', '.metric', 'required', /per-task/),
  entry(
    'an age that is shared',
    'metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", attribute: age, per-task: 5 }',
    '.metric.per-task',
    'conflict',
    /not shared/,
  ),
  entry(
    'an age without unit',
    'metric: { sqs: "arn:aws:sqs:us-east-1:111122223333:q", attribute: age, target: 5 }',
    '.metric.target',
    'format',
    /no unit/,
  ),
  entry(
    'a queue URL',
    'metric: { sqs: "https://sqs.us-east-1.amazonaws.com/111122223333/q", per-task: 5 }',
    '.metric.sqs',
    'format',
    /looks like/,
  ),
  entry(
    'a statistic that is none',
    'metric: { cloudwatch: { namespace: a, metric: b, statistic: Mean }, target: 5 }',
    '.metric.cloudwatch.statistic',
    'one-of',
    /Average/,
  ),
  entry(
    'a period that CloudWatch has not',
    'metric: { cloudwatch: { namespace: a, metric: b, period: 45s }, target: 5 }',
    '.metric.cloudwatch.period',
    'range',
    /whole minutes/,
    true,
  ),

  rest('a mode from YAML 1.1', 'mode: true', 'mode', 'one-of', /`on`, if a tool that speaks YAML 1.1/),
  rest('a mode misspelt', 'mode: obserbe', 'mode', 'one-of', /did you mean `observe`/),
  rest('British spelling', 'behaviour: {}', 'behaviour', 'unknown-key', /did you mean `behavior`/),
  rest('snake case', 'behavior: { scale_in: {} }', 'behavior.scale_in', 'unknown-key', /did you mean `scale-in`/),
  rest('a merge key', 'behavior: { <<: { busy: hold } }', 'behavior.<<', 'unknown-key', /merge keys/),
  rest('a group with a space', 'group: my shop', 'group', 'format', /lower-case/),
  rest('a limit in other words', 'behavior: { scale-in: { max: 25% a minute } }', 'behavior.scale-in.max', 'format', /25% per 1m/),
  rest(
    'a limit of nothing',
    'behavior: { scale-in: { max: [0 tasks per 1m] } }',
    'behavior.scale-in.max[0]',
    'range',
    /paused: true/,
    true,
  ),
  rest('a limit over hours', 'behavior: { scale-in: { max: 1 task per 2h } }', 'behavior.scale-in.max', 'range', /30m/, true),
  rest('a window over an hour', 'behavior: { scale-in: { stabilize: 2h } }', 'behavior.scale-in.stabilize', 'range', /0s to 1h/, true),
  rest('a bare zero', 'behavior: { scale-out: { cooldown: 0 } }', 'behavior.scale-out.cooldown', 'format', /no unit/),
  rest('a pause in words', 'behavior: { scale-in: { paused: yes } }', 'behavior.scale-in.paused', 'type', /true or false/),
  rest('a dead band over half', 'behavior: { dead-band: 60% }', 'behavior.dead-band', 'range', /0% to 50%/, true),
  rest(
    'a panic threshold under what is there',
    'behavior: { panic: { threshold: 90% } }',
    'behavior.panic.threshold',
    'range',
    /110% to 1000%/,
    true,
  ),
  rest('a panic of false', 'behavior: { panic: false }', 'behavior.panic', 'type', /or off/),
  rest('a fallback without its time', 'behavior: { fallback: 5 tasks }', 'behavior.fallback', 'format', /5 tasks after 3m/),
  rest('a busy rule that is none', 'behavior: { busy: wait }', 'behavior.busy', 'one-of', /hold/),
  rest('a start-up of text', 'behavior: { start-up: slow }', 'behavior.start-up', 'format', /no duration/),

  schedule('a schedule that changes nothing', '{ from: "08:00", to: "18:00" }', '', 'required', /`min`, `max` or both/),
  schedule('a schedule without a start', '{ days: daily, to: "18:00", min: 1 }', '.from', 'required', /`from` is missing/),
  schedule('a time that YAML 1.1 made a number', '{ from: 1080, to: "20:00", min: 1 }', '.from', 'format', /"18:00"/),
  schedule('a time with one digit', '{ from: "8:00", to: "18:00", min: 1 }', '.from', 'format', /two digits/),
  schedule('midnight as 24:00', '{ from: "08:00", to: "24:00", min: 1 }', '.to', 'format', /write "00:00"/),
  schedule('a day that is none', '{ days: mon-fry, from: "08:00", to: "18:00", min: 1 }', '.days', 'format', /"fry" is no day/),
  schedule('a number for a day', '{ days: [1], from: "08:00", to: "18:00", min: 1 }', '.days[0]', 'format', /the number 1 is no day/),
  schedule(
    'a zone misspelt',
    '{ from: "08:00", to: "18:00", min: 1, timezone: America/NewYork }',
    '.timezone',
    'one-of',
    /did you mean America\/New_York/,
    true,
  ),
  schedule(
    'a city for a zone',
    '{ from: "08:00", to: "18:00", min: 1, timezone: Berlin }',
    '.timezone',
    'one-of',
    /did you mean Europe\/Berlin/,
  ),
  schedule('an abbreviation for a zone', '{ from: "08:00", to: "18:00", min: 1, timezone: EST }', '.timezone', 'one-of', /no time zone/),
  schedule('min over max', '{ from: "08:00", to: "18:00", min: 5, max: 4 }', '.max', 'conflict', /at least min \(5\)/, true),
  schedule('a long lead', '{ from: "08:00", to: "18:00", min: 5, lead: 3h }', '.lead', 'range', /0s to 2h/, true),
  schedule('a cron of six fields', '{ cron: "0 0 8 * * *", for: 1h, min: 5 }', '.cron', 'format', /five fields/),
  schedule('a cron hour of 25', '{ cron: "0 25 * * *", for: 1h, min: 5 }', '.cron', 'format', /hour: 25/, true),
  schedule('a cron day that never comes', '{ cron: "0 0 30 2 *", for: 1h, min: 5 }', '.cron', 'format', /never comes/, true),
  schedule('a cron of every minute', '{ cron: "* * * * *", for: 1h, min: 5 }', '.cron', 'format', /every 5 minutes/, true),
  schedule('a cron without its length', '{ cron: "0 8 * * *", min: 5 }', '.for', 'required', /`for` is missing/),
  schedule('a cron with days', '{ cron: "0 8 * * *", for: 1h, days: daily, min: 5 }', '.days', 'conflict', /does not go with `cron`/),
  schedule('a weekly window with a length', '{ from: "08:00", to: "18:00", for: 1h, min: 5 }', '.for', 'conflict', /goes with `cron`/),
  schedule('a day that no calendar has', '{ from: 2026-02-30, to: 2026-03-02, min: 5 }', '.from', 'format', /day of the calendar/, true),
  schedule('dates with an offset', '{ from: "2026-02-20T10:00Z", to: 2026-03-02, min: 5 }', '.from', 'format', /no Z/),
  schedule('dates the wrong way round', '{ from: 2026-03-02, to: 2026-03-01, min: 5 }', '.to', 'conflict', /after from/, true),
];
