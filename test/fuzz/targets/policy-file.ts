import { readFileSync } from 'node:fs';
import { parse as parseYaml, stringify } from 'yaml';
import { limits } from '../../../lib/policy/limits.ts';
import { type PolicyFileResult, parsePolicyFile } from '../../../lib/policy/parse-policy-file.ts';
import { reviewServices } from '../../../lib/policy/review-services.ts';
import { parseStoredServiceConfig, storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import type { Draw } from '../draw/draw.ts';
import { HOSTILE_TEXTS } from '../draw/hostile.ts';
import { mutateJsonOften } from '../mutate/mutate-json.ts';
import { mutateText } from '../mutate/mutate-text.ts';
import { prototypeChanges } from '../scan-table.ts';
import { holds, type Target } from '../target.ts';

const FILES = ['test/lib/policy/files/everything.yml', 'lib/local/example/sluice.example.yml'].map((file) => readFileSync(file, 'utf8'));
const TREES: readonly unknown[] = FILES.map((text) => parseYaml(text));
/** Stretches of YAML and of the grammar that mean something in other places than where they are put. */
const WORDS = [
  '\n<<: *a\n',
  '&a ',
  '*a',
  '&a [*a, *a]',
  '\n---\n',
  '\n...\n',
  '%YAML 1.1\n',
  '!!binary ',
  '!!js/function ',
  '!<tag:x> ',
  '? ',
  '? [a]\n: ',
  '{ }',
  '[ ]',
  '| \n  ',
  '>-\n  ',
  '\t',
  '\n\tx: 1',
  '\r\n',
  '\r',
  '"\\u0000"',
  '"\\x7f"',
  '\u0007',
  '"\\ud800"',
  '\ufeff',
  '\u2028',
  '~',
  'null',
  '.nan',
  '.inf',
  '-.inf',
  '0o17',
  '0x1F',
  '1_000',
  '18:00',
  'on',
  'off',
  'yes',
  'no',
  '1e400',
  '-0',
  '9007199254740993',
  '50ms',
  '7d',
  '1e9d',
  '-5s',
  '0s',
  '1.5.5s',
  '999999999999999999999d',
  '70%',
  '1e3%',
  '-1%',
  'p95',
  'p99.9',
  'p101',
  'mon-fri',
  'sun-sat',
  '24:00',
  '25:61',
  'Europe/Berlin',
  'Mars/Olympus',
  '../../etc/passwd',
  '__proto__: { x: 1 }\n',
  'constructor: { prototype: {} }\n',
  'services:\n',
  'customer: globex\n',
  'version: 2\n',
  'mode: on\n',
] as const;

/** Policy files: valid ones changed as text and as trees, and shapes that have brought YAML readers down. */
export const policyFile: Target = {
  name: 'policy',
  share: 10,
  cases: 20,
  async episode(draw, step) {
    for (let i = 0; i < this.cases; i++) {
      step();
      checkFile(drawFile(draw));
    }
    const changes = prototypeChanges();
    holds(changes.length === 0, 'no prototype is changed', () => changes);
  },
};

/** Parses, and holds what is true of every text. */
export function checkFile(text: string): PolicyFileResult {
  const result = parsePolicyFile(text, { source: 'sluice.yml', defaultMode: 'observe' });
  const shown = () => text;
  if (!result.ok) {
    const { problems } = result;
    holds(
      problems.length > 0 && problems.length <= 1_100,
      'a file that is refused has problems, and not without end',
      () => problems.length,
    );
    const lines = text.split(/\r\n|\r|\n/).length + 1;
    const wrong = problems.find(
      ({ line, column, message, source }) => line < 1 || line > lines || column < 1 || message === '' || source !== 'sluice.yml',
    );
    holds(wrong === undefined, 'each problem names its line and says what is wrong', () => ({ wrong, text }));
    const length = problems.reduce((sum, { message, value, path }) => sum + message.length + (value?.length ?? 0) + path.length, 0);
    holds(length <= 4_000 + 200 * text.length, 'what is said of a file is in proportion to it', () => ({ length, text }));
    return result;
  }
  const { customer, services } = result.file;
  holds(services.length >= 1 && services.length <= limits.services, 'a file holds a service, and so many at most', shown);
  for (const config of services) {
    const { policy } = config;
    holds(
      config.customer === customer && /^[a-z][a-z0-9-]{0,62}$/.test(customer),
      'a customer has a name that a key may begin with',
      shown,
    );
    holds(
      [config.name, config.group].every((name) => /^[a-z][a-z0-9-]{0,62}$/.test(name)),
      'services and groups have names that keys may hold',
      shown,
    );
    holds(
      [policy.min, policy.max].every((count) => Number.isInteger(count) && count >= 0 && count <= limits.tasks) && policy.min <= policy.max,
      '0 <= min <= max <= 5000',
      shown,
    );
    holds(policy.targets.length >= 1 && policy.targets.length <= limits.targets, 'a service has 1 to 10 targets', shown);
    const stored = parseStoredServiceConfig(JSON.parse(JSON.stringify(storeServiceConfig(config))));
    holds(stored.ok && JSON.stringify(stored.config) === JSON.stringify(config), 'what is stored of a service is the service', () => ({
      stored,
      config,
      text,
    }));
  }
  const again = reviewServices(services);
  holds(again.length === 0, 'what the file allows, the admin API allows', () => ({ again, text }));
  return result;
}

function drawFile(draw: Draw): string {
  const at = draw.below(FILES.length);
  switch (draw.below(8)) {
    case 0:
    case 1:
    case 2:
      return asYaml(mutateJsonOften(draw, TREES[at], 1 + draw.below(4)));
    case 3:
      return draw.oneIn(30) ? strangeShape(draw) : mutateText(draw, FILES[at] ?? '', HOSTILE_TEXTS);
    case 4:
      return withAliases(draw, FILES[at] ?? '');
    default:
      return mutateText(draw, FILES[at] ?? '', WORDS);
  }
}

/** What YAML cannot write is left to the other cases. */
function asYaml(tree: unknown): string {
  try {
    return stringify(tree) ?? '';
  } catch {
    return JSON.stringify(tree) ?? '';
  }
}

/** Some of the file's values named, and others replaced by those names: a merge key, a loop, a value used in another place. */
function withAliases(draw: Draw, text: string): string {
  const lines = text.split('\n');
  for (let times = 1 + draw.below(4); times > 0; times--) {
    const line = draw.below(lines.length);
    const found = lines[line] ?? '';
    const colon = found.indexOf(': ');
    if (colon < 0) continue;
    const name = draw.pick(['a', 'b']);
    lines[line] = `${found.slice(0, colon + 2)}${draw.oneIn(2) ? `&${name} ${found.slice(colon + 2)}` : `*${name}`}`;
    if (draw.oneIn(3)) lines.splice(line, 0, `${' '.repeat(found.length - found.trimStart().length)}<<: *${name}`);
  }
  return lines.join('\n');
}

/** Large for their kind; each has stopped some reader somewhere. */
function strangeShape(draw: Draw): string {
  const many = draw.pick([10, 100, 1_000, 20_000]);
  return draw.pick<() => string>([
    () => laughs(draw.pick([3, 9, 30])),
    () => '['.repeat(many),
    () => '{a: '.repeat(many),
    () => `services:\n${Array.from({ length: many }, (_, i) => `  s${i}: {}`).join('\n')}`,
    () => `services:\n  web:\n${'    x: 1\n'.repeat(many)}`,
    () => `${'- '.repeat(many)}x`,
    () => `services: ${'&a '.repeat(many)}`,
    () => `services: "${'\\u0041'.repeat(many)}"`,
    () => `${'#'.repeat(many)}\n${' '.repeat(many)}\nservices:`,
    () => `services:\n  web:\n    arn: ${'a:'.repeat(many)}`,
    () => `services: { web: { tasks: { min: ${'1'.repeat(many)}, max: 1e${'9'.repeat(many)} } } }`,
    () => `services: { web: { schedules: [{ cron: "${'*/1,'.repeat(many)}* * * *", for: 1h }] } }`,
  ])();
}

/** Lists of lists of names, each of which stands for nine of the one before. */
export const laughs = (levels: number): string =>
  [
    'a0: &a0 [lol]',
    ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join(', ')}]`),
    `services: *a${levels}`,
  ].join('\n');
