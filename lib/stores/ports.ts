import type { Account } from '../accounts/account.ts';
import type { LastWrite, StateReading } from '../decide/observation.ts';
import type { AccountHealth, DiscoveredRegion } from '../discover/discovered.ts';
import type { Override, ServiceConfig, TagLimits } from '../policy/policy.ts';
import type { Change, Control, HistoryEntry, OutcomeRecord, Pause, Point, Problem, StoredReport, TokenRecord, Watch } from './records.ts';

export interface ReportStore {
  /** Writing the same report twice is writing it once. One write unit per part of 1 KB. */
  put(customer: string, group: string, shard: number, parts: readonly StoredReport[]): Promise<void>;
  /** The same for small reports of any number of groups: as many of one batch to an item of 1 KB as it holds. */
  putTogether(batches: readonly ReportBatch[]): Promise<void>;
  /** Reports of all shards whose slot starts at `from` or later, each body of a reporter once. Consistent at double the price. */
  since(
    customer: string,
    group: string,
    shards: number,
    from: number,
    /** `atMost`: of each shard only so many parts, the newest slots first. */
    options?: { readonly consistent?: boolean; readonly atMost?: number },
  ): Promise<StoredReport[]>;
  /** Deletes up to `limit` parts of each shard; "more" where there may be others. They expire within minutes by themselves. */
  removeSome(customer: string, group: string, shards: number, limit: number): Promise<'all' | 'more'>;
}

export interface ReportBatch {
  readonly customer: string;
  readonly group: string;
  readonly shard: number;
  readonly reports: readonly StoredReport[];
}

export interface ControlStore {
  ofGroup(customer: string, group: string, options?: { readonly consistent?: boolean }): Promise<Control[]>;
  get(customer: string, group: string, service: string): Promise<Control | undefined>;
  /** Many at once, consistently; missing ones are left out. */
  getMany(services: readonly { readonly customer: string; readonly group: string; readonly service: string }[]): Promise<Control[]>;
  /**
   * Decision and memory in one conditional write: succeeds only if the stored version is still
   * `control.version`; stores `control.version + 1`.
   */
  commit(control: Control): Promise<'written' | 'condition-failed'>;
  /** The outcome of the decision that is being acted upon; only while it still is (`act` equals). */
  settle(
    control: { readonly customer: string; readonly group: string; readonly service: string },
    outcome: OutcomeRecord,
    after: { readonly state?: StateReading; readonly lastWrite?: LastWrite; readonly problem?: Problem | null },
  ): Promise<'written' | 'condition-failed'>;
  remove(customer: string, group: string, service: string): Promise<void>;
}

export interface GroupConfig {
  readonly services: readonly ServiceConfig[];
  /** Partition shards that the group's reports spread over; only ever grows. */
  readonly shards: number;
  /** What was read with it where that was asked for: its control items, and until when its lease was taken last. */
  readonly beside?: { readonly controls: readonly Control[]; readonly leasedUntil: number };
}

export interface ConfigStore {
  /** One query. `beside`: of all that is stored of the group. */
  group(customer: string, group: string, options?: { readonly beside?: boolean }): Promise<GroupConfig>;
  /** Consistent. */
  service(customer: string, group: string, service: string): Promise<ServiceConfig | undefined>;
  /** By name alone, through the directory. */
  find(customer: string, service: string): Promise<ServiceConfig | undefined>;
  ofCustomer(customer: string): Promise<ServiceConfig[]>;
  customers(): Promise<string[]>;
  /** Keeps the overrides that are stored. */
  put(config: ServiceConfig): Promise<void>;
  /** Another policy for a service that is stored, where it is; `condition-failed` where it is not there, or not any more. */
  replace(config: ServiceConfig): Promise<'written' | 'condition-failed'>;
  /** Replaces the overrides of a service; `condition-failed` where there is no such service. */
  putOverrides(customer: string, group: string, service: string, overrides: readonly Override[]): Promise<'written' | 'condition-failed'>;
  /** What discovery found to scale the service besides; undefined: nothing any more. */
  putRival(customer: string, group: string, service: string, rival: string | undefined): Promise<'written' | 'condition-failed'>;
  /** Takes a service off the directory, and its policy from the group that this names, and from `storedIn` besides. */
  remove(customer: string, service: string, options?: { readonly storedIn?: string }): Promise<void>;
  /** What tags on the ECS service say; undefined: nothing any more. `condition-failed` where there is no such service. */
  putTags(customer: string, group: string, service: string, tags: TagLimits | undefined): Promise<'written' | 'condition-failed'>;
  /** The pause of exactly this scope, in force or not. Consistent. */
  pauseOf(scope: PauseScope): Promise<Pause | undefined>;
  /** Takes a customer without services off the list of customers; one that has any stays. */
  forgetCustomer(customer: string): Promise<void>;
  /** Pauses in force for a service: its own, its customer's, everything's. One read. Consistent. */
  pauses(customer: string, group: string, service: string, now: number): Promise<Pause[]>;
  putPause(scope: PauseScope, pause: Pause | undefined): Promise<void>;
  growShards(customer: string, group: string, shards: number): Promise<void>;
}
export type PauseScope =
  | { readonly scope: 'all' }
  | { readonly scope: 'customer'; readonly customer: string }
  | { readonly scope: 'service'; readonly customer: string; readonly group: string; readonly service: string };

export interface LeaseStore {
  /** True for exactly one caller until `until`; the item stays small. */
  take(customer: string, group: string, now: number, until: number): Promise<boolean>;
  /** Until when it was taken last, 0 if never. Eventually consistent: a tenth of the price of trying. */
  takenUntil(customer: string, group: string): Promise<number>;
}

export interface ClaimStore {
  /**
   * True for the one that may act upon a decision, and again for that same one. More than one host may hold the decision: the
   * process that made it, another's table stream.
   */
  take(
    service: { readonly customer: string; readonly group: string; readonly service: string },
    decision: { readonly id: string; readonly at: number },
    by: string,
  ): Promise<boolean>;
}

export interface TokenStore {
  get(customer: string, service: string, keyId: string): Promise<TokenRecord | undefined>;
  ofService(customer: string, service: string): Promise<TokenRecord[]>;
  put(token: TokenRecord): Promise<void>;
  remove(customer: string, service: string, keyId: string): Promise<void>;
  /** The key of the MAC that tokens carry: made once, then the same for ever. */
  macKey(make: () => Uint8Array): Promise<Uint8Array>;
}

export interface AccountStore {
  get(customer: string, accountId: string): Promise<Account | undefined>;
  ofCustomer(customer: string): Promise<Account[]>;
  /** Every account of every customer that has a role. */
  connected(): Promise<{ readonly customer: string; readonly accountId: string }[]>;
  /** Stores the account with its external ID; keeps the one that is there already and returns it. */
  create(account: Account): Promise<Account>;
  /** Binds a proved role; refused when the role belongs to another customer. */
  bindRole(account: Account, roleArn: string, provedAt: number): Promise<'bound' | 'belongs-to-another-customer'>;
  setProblem(account: Account, problem: Account['problem']): Promise<void>;
  remove(customer: string, accountId: string): Promise<void>;
}

export interface WatchStore {
  get(customer: string, accountId: string, region: string, cluster: string): Promise<Watch | undefined>;
  /** Watches that are due, soonest first. */
  due(now: number, limit: number): Promise<WatchKey[]>;
  load(keys: readonly WatchKey[]): Promise<Watch[]>;
  /** Adds or removes a service of the watch; a new watch is due at once. */
  add(watch: Omit<Watch, 'services' | 'dueAt'>, service: { readonly service: string; readonly group: string }, now: number): Promise<void>;
  drop(watch: Omit<Watch, 'services' | 'dueAt'>, service: string): Promise<void>;
  /** One of several ticks wins: moves `dueAt` only if it is still what was read. */
  claim(watch: Watch, nextDueAt: number): Promise<boolean>;
  /** Makes it due at `at` if that is sooner than what is stored. */
  hasten(watch: WatchKey, at: number): Promise<void>;
}
export interface WatchKey {
  readonly customer: string;
  readonly accountId: string;
  readonly region: string;
  readonly cluster: string;
}

/** What the fleet-wide breaker counts; see lib/evaluate/breaker.ts. */
export interface BreakerStore {
  /** Services under care, how many of them began to scale in within the last five to ten minutes, and until when it is open. */
  read(now: number): Promise<{ readonly services: number; readonly began: number; readonly openUntil: number }>;
  /** One more began to scale in. */
  count(now: number): Promise<void>;
  /** True for the one that opened it; it stays open until then. */
  open(now: number, until: number): Promise<boolean>;
}

export interface HistoryStore {
  /**
   * Keeps them. In whatever order and however often an entry arrives, nothing that is known of it is lost: one with its outcome
   * stands over one without, and one that came without its trail, as from a control item, leaves the trail that is there.
   */
  put(entries: readonly HistoryEntry[]): Promise<void>;
  /** Takes back a decision that did not come to stand. */
  drop(entry: HistoryEntry): Promise<void>;
  /** Newest first. */
  of(customer: string, service: string, options: { readonly since?: number; readonly limit: number }): Promise<HistoryEntry[]>;
  /** Deletes up to `limit` entries, the newest first; "more" where there may be others. */
  removeSome(customer: string, service: string, limit: number): Promise<'all' | 'more'>;
}

/** Points for charts; see lib/evaluate/point-recorder.ts. */
export interface PointStore {
  /** All of one part of a group at one moment: one write, beside what others wrote there. */
  put(
    customer: string,
    group: string,
    at: number,
    part: number,
    points: readonly { readonly service: string; readonly point: Omit<Point, 'at'> }[],
  ): Promise<void>;
  /** Of one service, oldest first. */
  of(customer: string, group: string, service: string, since: number): Promise<Point[]>;
  /** The newest point of each service of the group, as far as it is among the newest items. */
  latest(customer: string, group: string): Promise<Map<string, Point>>;
  /** Deletes up to `limit` items; "more" where there may be others. */
  removeSome(customer: string, group: string, limit: number): Promise<'all' | 'more'>;
}

/** What people changed. `null` as customer: what concerns everything. */
export interface ChangeStore {
  put(changes: readonly Change[]): Promise<void>;
  get(customer: string | null, id: string): Promise<Change | undefined>;
  /** Newest first. */
  of(customer: string | null, options: { readonly since?: number; readonly limit: number }): Promise<Change[]>;
  /** A change that did not come about after all. */
  remove(changes: readonly Pick<Change, 'customer' | 'id'>[]): Promise<void>;
  removeSome(customer: string, limit: number): Promise<'all' | 'more'>;
}

/** Principals that may see and change one customer only. */
export interface PrincipalStore {
  /** Consistent. The customer that it is limited to; undefined: it is not limited. */
  customerOf(arn: string): Promise<string | undefined>;
  all(): Promise<{ readonly arn: string; readonly customer: string }[]>;
  limit(arn: string, customer: string): Promise<void>;
  free(arn: string): Promise<void>;
}

/** What discovery found. Services that were not seen again for days expire; an account's health does after a month. */
export interface DiscoveryStore {
  /** Replaces what was known of that Region. */
  putRegion(account: { readonly customer: string; readonly accountId: string }, found: DiscoveredRegion): Promise<void>;
  regions(customer: string, accountId: string): Promise<DiscoveredRegion[]>;
  putHealth(health: AccountHealth): Promise<void>;
  health(customer: string, accountId: string): Promise<AccountHealth | undefined>;
  healthOf(customer: string): Promise<AccountHealth[]>;
  /** Forgets all of an account. */
  remove(customer: string, accountId: string): Promise<void>;
}
