import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { routes } from '../../../lib/admin/routes.ts';
import { storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import type { Draw } from '../draw/draw.ts';
import { anyValue, HOSTILE_KEYS, HOSTILE_TEXTS, ownKeys } from '../draw/hostile.ts';
import { mutateJsonOften } from '../mutate/mutate-json.ts';
import { mutateText } from '../mutate/mutate-text.ts';
import { inBase64, reportEvent } from '../report-event.ts';
import { partitionsOf, scanTable } from '../scan-table.ts';
import { ACME_ONLY, livedSnapshot, OPERATOR, SERVICES, type Snapshot, systemFrom } from '../snapshot.ts';
import { type FuzzSystem, signedEvent } from '../system.ts';
import { holds, type Target } from '../target.ts';

const ROUTES = Object.keys(routes);
/** What each field of a body or query is when it is right; others are drawn from here as well. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  customer: ['acme', 'acme', 'globex', 'nobody'],
  service: ['web', 'worker', 'site', 'none'],
  accountId: ['111122223333', '444455556666', '999988887777'],
  roleArn: ['arn:aws:iam::111122223333:role/sluice/acme', 'arn:aws:iam::444455556666:role/sluice/globex'],
  arn: ['arn:aws:iam::000000000000:role/some-people', ACME_ONLY, 'arn:aws:sts::000000000000:assumed-role/x/y'],
  mode: ['off', 'observe', 'out-only', 'on'],
  min: [0, 3],
  max: [5, 20],
  forMs: [1, 0.5, 60_000, 86_400_000],
  until: [1_790_900_000_000],
  since: [0, '0', '1790841600000'],
  limit: [1, '5', 1_000],
  name: ['sale'],
  why: ['a look'],
  all: [true],
  in: [true, false],
  out: [true, false],
  clear: [true],
  force: [true],
  keyId: ['8f3a01bc'],
  allButNewest: [true],
  change: ['000000000000000000'],
  confirm: ['acme', 'globex'],
  deleteHistory: [true],
  allowOwnAccount: [true, false],
  externalId: ['mine'],
};
type Choices = Readonly<Record<string, readonly unknown[] | undefined>>;
const OF_ACME: Choices = { customer: ['acme'], service: ['web', 'worker'], accountId: ['111122223333'] };
const OF_GLOBEX: Choices = { customer: ['globex'], service: ['site'], accountId: ['444455556666'], confirm: ['globex'] };
/** Fields that each route knows; the rest is there to be refused. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/pause': ['customer', 'service', 'all', 'in', 'out', 'why', 'forMs'],
  'POST /v1/resume': ['customer', 'service', 'all', 'in', 'out'],
  'POST /v1/override': ['customer', 'service', 'min', 'max', 'forMs', 'until', 'name', 'clear'],
  'POST /v1/accounts': ['customer', 'accountId', 'externalId', 'allowOwnAccount'],
  'POST /v1/accounts/connect': ['customer', 'accountId', 'roleArn', 'externalId', 'allowOwnAccount'],
  'POST /v1/accounts/disconnect': ['customer', 'accountId', 'deleteHistory'],
  'POST /v1/mode': ['customer', 'service', 'mode'],
  'POST /v1/remove': ['customer', 'service'],
  'POST /v1/tokens': ['customer', 'service'],
  'POST /v1/tokens/revoke': ['customer', 'service', 'keyId', 'allButNewest'],
  'POST /v1/rollback': ['customer', 'change', 'force'],
  'POST /v1/forget': ['customer', 'confirm'],
  'POST /v1/principals': ['arn', 'customer'],
  'POST /v1/principals/free': ['arn'],
};
const QUERY_FIELDS = ['customer', 'service', 'since', 'limit', 'accountId'];

const CALLERS = [
  OPERATOR,
  OPERATOR,
  ACME_ONLY,
  'arn:aws:sts::000000000000:assumed-role/acme-operators/somebody',
  'arn:aws:iam::000000000000:role/path/acme-operators',
  'arn:aws:iam::000000000000:root',
  'arn:aws:iam::000000000000:user/someone',
];
/** No caller that IAM would name: whoever gets here with one of these must not get further than an ordinary refusal. */
const STRANGE_CALLERS = [
  '',
  '#',
  '~operator',
  'acme#t',
  'arn:aws:iam::000000000000:role/a#b',
  'a'.repeat(3_000),
  '\u0000',
  '__proto__',
  'arn:aws:sts::0:assumed-role//',
];

/** Every route of the admin API with bodies, queries, paths and callers that it does not expect. */
export const adminApi: Target = {
  name: 'admin',
  share: 15,
  cases: 30,
  async episode(draw, step) {
    const snapshot = await livedSnapshot();
    const system = await systemFrom(snapshot);
    const marks = marksOf(snapshot, 'globex');
    for (let i = 0; i < this.cases; i++) {
      step();
      await oneRequest(draw, system, marks);
      if (draw.oneIn(4)) await system.clock.advance(draw.pick([1, 5_000]));
    }
    await checkStored(system, snapshot);
  },
};

/** What only the customer's own items say, so that nobody else can have written it in a request: external ID, and ids of tokens, decisions and changes. */
const marksOf = ({ items, roles }: Snapshot, customer: string): string[] => [
  ...roles.flatMap((role) => (role.customer === customer ? [role.externalId] : [])),
  ...items.flatMap(({ pk, sk }) => (new RegExp(`^${customer}#(t|h#.*|c)$`).test(pk) ? [sk.split('#').at(-1) ?? sk] : [])),
];

async function oneRequest(draw: Draw, system: FuzzSystem, marks: readonly string[]): Promise<void> {
  const route = draw.pick(ROUTES);
  const [method = '', path = ''] = route.split(' ');
  const who = draw.oneIn(12) ? draw.pick(STRANGE_CALLERS) : draw.pick(CALLERS);
  const event = strange(
    draw,
    signedEvent(who, method, path, method === 'GET' ? '' : drawBody(draw, route), method === 'GET' ? drawQuery(draw) : {}),
  );
  const before = system.table.items();
  const warned = system.warnings.length;
  const answer = await system.admin(event);
  const shown = () => ({
    who,
    route,
    path: event.rawPath,
    query: event.queryStringParameters,
    body: event.body,
    answer: answer.text.slice(0, 300),
    warnings: system.warnings.slice(warned),
  });
  holds([200, 400, 403, 404].includes(answer.status), `an answer is 200, 400, 403 or 404, not ${answer.status}`, shown);
  if (answer.status >= 400) {
    const { code, why } = answer.json as Record<string, unknown>;
    holds(typeof code === 'string' && typeof why === 'string' && why !== '', 'a refusal says why', shown);
    holds(
      answer.text.length < 4_000 + 12 * (event.body ?? '').length + JSON.stringify(event.queryStringParameters ?? {}).length * 4,
      'a refusal is not longer than what it refuses',
      () => answer.text,
    );
  }
  if (answer.status === 403 || answer.status === 404)
    holds(sameItems(before, system.table.items()), 'what is not allowed changes nothing', shown);
  // Unless the operator freed it in an earlier case of the episode.
  const limited = before.some(({ sk, customer }) => sk === ACME_ONLY && customer === 'acme');
  if (limited && who.includes('acme-operators') && answer.status === 200) {
    holds(!marks.some((mark) => answer.text.includes(mark)), 'a caller that is limited to acme is shown nothing of globex', shown);
    holds(
      sameItems(partitionsOf('globex', before), partitionsOf('globex', system.table.items())),
      'a caller that is limited to acme changes nothing of globex',
      shown,
    );
    holds(
      sameItems(partitionsOf('~operator#principals', before), partitionsOf('~operator#principals', system.table.items())),
      'a caller that is limited cannot change limits',
      shown,
    );
  }
}

const sameItems = (a: readonly { readonly pk: string }[], b: readonly { readonly pk: string }[]) => {
  const known = new Set(a);
  return a.length === b.length && b.every((item) => known.has(item));
};

function drawBody(draw: Draw, route: string): string {
  if (route === 'POST /v1/apply') return drawApply(draw);
  const fields = FIELDS[route] ?? Object.keys(RIGHT);
  // Of one customer throughout, half of the time: what is right in itself is what a limit has to stop.
  const one = draw.oneIn(2) ? draw.pick([OF_ACME, OF_GLOBEX]) : {};
  const entries = fields.flatMap((field): [string, unknown][] =>
    draw.oneIn(3) && field !== 'customer' ? [] : [[field, draw.pick(one[field] ?? RIGHT[field] ?? [null])]],
  );
  const right = ownKeys(entries);
  switch (draw.below(6)) {
    case 0:
      return mutateText(draw, JSON.stringify(right), ['"customer":"globex",', '"__proto__":{"customer":"globex"},', '"customer":"acme",']);
    case 1:
      return JSON.stringify(ownKeys([...entries, [draw.pick(HOSTILE_KEYS), anyValue(draw)]]));
    case 2:
    case 3:
      return JSON.stringify(mutateJsonOften(draw, right, 1 + draw.below(3))) ?? '';
    default:
      return JSON.stringify(right);
  }
}

function drawApply(draw: Draw): string {
  const services: unknown[] = SERVICES.filter(() => !draw.oneIn(3)).map(storeServiceConfig);
  if (draw.oneIn(6)) services.push(...services);
  const right = { services };
  return draw.oneIn(5)
    ? mutateText(draw, JSON.stringify(right), ['"customer":"globex",', '"customer":"acme",'])
    : (JSON.stringify(mutateJsonOften(draw, right, draw.below(4))) ?? '');
}

function drawQuery(draw: Draw): Record<string, string> {
  const text = (field: string) =>
    draw.oneIn(4)
      ? draw.pick([...HOSTILE_TEXTS, '1e308', '-1e308', '1e21', '-5', '0.5', '9007199254740993', '1'.repeat(400), 'acme,globex'])
      : String(draw.pick(RIGHT[field] ?? ['']));
  const entries = QUERY_FIELDS.flatMap((field): [string, string][] => (draw.oneIn(2) ? [] : [[field, text(field)]]));
  if (draw.oneIn(8)) entries.push([draw.pick(HOSTILE_KEYS), draw.pick(HOSTILE_TEXTS)]);
  return Object.fromEntries(entries);
}

/** The same event by a path, a method or a form that is not quite the route's. */
function strange(draw: Draw, event: LambdaFunctionURLEvent): LambdaFunctionURLEvent {
  const { http } = event.requestContext;
  switch (draw.below(14)) {
    case 0:
      return {
        ...event,
        rawPath: draw.pick([
          `/${event.rawPath}//`,
          event.rawPath.toUpperCase(),
          `${event.rawPath}%2f..`,
          `/v1/../${event.rawPath}`,
          `/__proto__${event.rawPath}`,
          '/',
          '',
          '/constructor',
          `${event.rawPath}%00`,
          '/%E0%A4%A',
        ]),
      };
    case 1:
      return {
        ...event,
        requestContext: {
          ...event.requestContext,
          http: { ...http, method: draw.pick(['get', 'POST', 'GET', 'DELETE', '__proto__', 'toString', '']) },
        },
      };
    case 2:
      return inBase64(event);
    case 3:
      return { ...event, isBase64Encoded: true };
    case 4: {
      const { requestContext } = reportEvent('', '', event.rawPath, http.method);
      return { ...event, requestContext };
    }
    case 5: {
      const { body: _, queryStringParameters: __, ...bare } = event;
      return bare;
    }
    default:
      return event;
  }
}

async function checkStored(system: FuzzSystem, snapshot: Snapshot): Promise<void> {
  // Tokens that were made on the way were told once, in an answer; those of the snapshot must stand nowhere.
  const complaints = await scanTable(system, { customers: ['acme', 'globex', 'nobody'], secrets: snapshot.secrets });
  holds(complaints.length === 0, 'only what should be is stored', () => complaints);
  holds(!system.said.some((line) => snapshot.secrets.some((secret) => line.includes(secret))), 'no token is logged', () => system.said);
}
