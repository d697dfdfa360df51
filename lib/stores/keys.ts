/**
 * The one place where keys are built. Every key begins with the customer it belongs to; the few that
 * belong to the operator begin with `~`, which no customer name can.
 *
 *   acme#g#shop      config, config#web, pause#web,
 *                    control#web, lease,
 *                    claim#web#<decision id>                   one group
 *   acme#r#shop#0    <slot>#<service>#<reporter>#<hash>#<part> reports of the last minutes; several in one item where <service> is "@batch"
 *   acme#t           <service>#<key id>                        report tokens
 *   acme#dir         <service>                                 which group a service is in
 *   acme#a           <account id>                              connected accounts
 *   acme#w           <account>#<region>#<cluster>              what tick looks at together
 *   acme#d           health#<account>,
 *                    region#<account>#<region>#<part>          what discovery found in an account
 *   acme#m           <group>                                   groups that metrics are collected for
 *   acme#h#web       <time>#<decision id>                      history
 *   acme#m#shop      <time>#<part>                             a point per service and minute, for charts
 *   acme#c           <change id>                               changes that people made
 *   acme#p           pause                                     a pause of the whole customer
 *   acme#n           <group>#<service>                         every service that was ever under care, and in which groups
 *   ~operator        pause, token-key, fleet, breaker, round#collect, …
 *   ~operator#customers  <customer>                            the customers that have services
 *   ~operator#changes    <change id>                           changes that are no customer's
 *   ~operator#principals <ARN>                                 who may see one customer only
 *   ~role            <role ARN>                                which customer a role belongs to
 */
import type { Key } from './table.ts';

const pad = (n: number, width: number) => String(n).padStart(width, '0');

/**
 * A part of a key. One that held a `#`, or a `~` in front, could reach into another customer's or the operator's partitions;
 * names are checked where they come in, and here once more.
 */
const named = (text: string): string => {
  if (text === '' || text.startsWith('~') || text.includes('#')) {
    throw new RangeError(`keys are made of names without "#" and "~", and ${JSON.stringify(text)} is none`);
  }
  return text;
};

export const keys = {
  group: (customer: string, group: string) => `${named(customer)}#g#${named(group)}`,
  /** What belongs to the group as a whole; sorts right before its services' configs. */
  groupItem: (customer: string, group: string): Key => ({ pk: `${named(customer)}#g#${named(group)}`, sk: 'config' }),
  config: (customer: string, group: string, service: string): Key => ({
    pk: `${named(customer)}#g#${named(group)}`,
    sk: `config#${named(service)}`,
  }),
  control: (customer: string, group: string, service: string): Key => ({
    pk: `${named(customer)}#g#${named(group)}`,
    sk: `control#${named(service)}`,
  }),
  lease: (customer: string, group: string): Key => ({ pk: `${named(customer)}#g#${named(group)}`, sk: 'lease' }),
  claim: (customer: string, group: string, service: string, decision: string): Key => ({
    pk: `${named(customer)}#g#${named(group)}`,
    sk: `claim#${named(service)}#${named(decision)}`,
  }),
  reports: (customer: string, group: string, shard: number) => `${named(customer)}#r#${named(group)}#${shard}`,
  report: (
    customer: string,
    group: string,
    shard: number,
    slot: number,
    service: string,
    reporter: string,
    hash: string,
    part: number,
  ): Key => ({
    pk: `${named(customer)}#r#${named(group)}#${shard}`,
    sk: `${reportSlot(slot)}#${named(service)}#${named(reporter)}#${named(hash)}#${part}`,
  }),
  token: (customer: string, service: string, keyId: string): Key => ({ pk: `${named(customer)}#t`, sk: `${named(service)}#${keyId}` }),
  directory: (customer: string, service: string): Key => ({ pk: `${named(customer)}#dir`, sk: service }),
  account: (customer: string, accountId: string): Key => ({ pk: `${named(customer)}#a`, sk: accountId }),
  watch: (customer: string, account: string, region: string, cluster: string): Key => ({
    pk: `${named(customer)}#w`,
    sk: `${named(account)}#${named(region)}#${named(cluster)}`,
  }),
  collect: (customer: string, group: string): Key => ({ pk: `${named(customer)}#m`, sk: named(group) }),
  history: (customer: string, service: string, at: number, decision: string): Key => ({
    pk: `${named(customer)}#h#${named(service)}`,
    sk: `${historyTime(at)}#${decision}`,
  }),
  /** All points of a group. */
  points: (customer: string, group: string) => `${named(customer)}#m#${named(group)}`,
  point: (customer: string, group: string, at: number, part: number): Key => ({
    pk: `${named(customer)}#m#${named(group)}`,
    sk: `${historyTime(at)}#${pad(part, 4)}`,
  }),
  /** Changes of a customer, or the operator's own. */
  changes: (customer: string | null) => (customer === null ? '~operator#changes' : `${named(customer)}#c`),
  change: (customer: string | null, id: string): Key => ({
    pk: customer === null ? '~operator#changes' : `${named(customer)}#c`,
    sk: named(id),
  }),
  principals: () => '~operator#principals',
  principal: (arn: string): Key => ({ pk: '~operator#principals', sk: named(arn) }),
  name: (customer: string, group: string, service: string): Key => ({
    pk: `${named(customer)}#n`,
    sk: `${named(group)}#${named(service)}`,
  }),
  names: (customer: string) => `${named(customer)}#n`,
  customerPause: (customer: string): Key => ({ pk: `${named(customer)}#p`, sk: 'pause' }),
  servicePause: (customer: string, group: string, service: string): Key => ({
    pk: `${named(customer)}#g#${named(group)}`,
    sk: `pause#${named(service)}`,
  }),
  operatorPause: (): Key => ({ pk: '~operator', sk: 'pause' }),
  fleet: (): Key => ({ pk: '~operator', sk: 'fleet' }),
  round: (name: string): Key => ({ pk: '~operator', sk: `round#${named(name)}` }),
  breakerSlot: (slot: number): Key => ({ pk: '~operator', sk: `breaker#${pad(slot, 11)}` }),
  breakerOpen: (): Key => ({ pk: '~operator', sk: 'breaker' }),
  tokenKey: (): Key => ({ pk: '~operator', sk: 'token-key' }),
  customers: () => '~operator#customers',
  customer: (customer: string): Key => ({ pk: '~operator#customers', sk: named(customer) }),
  health: (customer: string, account: string): Key => ({ pk: `${named(customer)}#d`, sk: `health#${named(account)}` }),
  discovered: (customer: string, account: string, region: string, part: number): Key => ({
    pk: `${named(customer)}#d`,
    sk: `region#${named(account)}#${named(region)}#${pad(part, 4)}`,
  }),
  /** All that discovery stored for the customer. */
  discoveries: (customer: string) => `${named(customer)}#d`,
  roleClaims: () => '~role',
  roleClaim: (roleArn: string): Key => ({ pk: '~role', sk: roleArn }),
};

/** Sort-key form of a 10 s slot (its start in seconds). */
export const reportSlot = (slotSeconds: number) => pad(slotSeconds, 11);
/** Sort-key form of an instant in history. */
export const historyTime = (at: number) => pad(at, 14);

/** The first sort key after all that begin with `prefix` and a `#`. */
export const afterAll = (prefix: string) => `${prefix}$`;
