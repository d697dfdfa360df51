import { refusal } from '../accounts/check-service.ts';
import type { CustomerAws, ServiceDescription } from '../accounts/customer-aws.ts';
import { serviceArn } from '../accounts/service-arn.ts';
import { AwsFailure } from '../aws/aws-failure.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import type { AccountStore, ConfigStore } from '../stores/ports.ts';
import type { Problem } from '../stores/records.ts';
import { AccountGone, demandConnected } from './demand-connected.ts';
import { type LookSoonDeps, lookSoon } from './look-soon.ts';
import { asJson, type RecordDeps, recorded, sameJson } from './record-change.ts';
import { reportUrl } from './report-url.ts';
import { PartlyStored, type StoreServiceDeps, storeService } from './store-service.ts';

export interface ApplyDeps extends RecordDeps, Omit<StoreServiceDeps, 'configs' | 'watches'> {
  readonly configs: StoreServiceDeps['configs'] & Pick<ConfigStore, 'find' | 'ofCustomer'>;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly watches: StoreServiceDeps['watches'] & LookSoonDeps['watches'];
  readonly customerAws: Pick<CustomerAws, 'reader'>;
  readonly journal: Journal;
  /** What report URLs begin with, where that is known here. */
  readonly reportsUrl?: string;
}

/** What became of one service of the file: all of it or nothing. */
export interface AppliedService {
  readonly customer: string;
  readonly name: string;
  readonly arn: string;
  readonly mode: string;
  /** The token of its report URL, told only when it was made just now: what is stored is its hash. Beside a problem, too, where it stayed. */
  readonly token?: string;
  /** The whole report URL with that token, where its beginning is known here. */
  readonly reportUrl?: string;
  /** What this request did to what was stored; absent where it was refused or could not be stored. */
  readonly change?: 'added' | 'changed' | 'none';
  readonly problem?: Problem;
}

/**
 * Puts services under care. Each is looked at first: one that does not exist, or that nothing may scale, is
 * refused with the reason, and the others go on. Applying the same file again changes nothing.
 * @param takesBack the change that this one takes back, if it does.
 */
export async function applyConfigs(
  deps: ApplyDeps,
  configs: readonly ServiceConfig[],
  options: { readonly takesBack?: string } = {},
): Promise<AppliedService[]> {
  const clusters = new Map<string, ServiceConfig[]>();
  for (const config of configs) {
    const { accountId, region, cluster } = serviceArn(config.arn);
    const key = [config.customer, accountId, region, cluster].join('#');
    clusters.set(key, [...(clusters.get(key) ?? []), config]);
  }
  const owners = await ownersOf(deps, configs);
  const results = await Promise.all([...clusters.values()].map((cluster) => applyCluster(deps, cluster, owners, options)));
  const byService = new Map(results.flat().map((r) => [`${r.customer}#${r.name}`, r]));
  return configs.flatMap((c) => byService.get(`${c.customer}#${c.name}`) ?? []);
}

/** Which service of a customer has an ECS service in its care already. */
async function ownersOf(deps: ApplyDeps, configs: readonly ServiceConfig[]): Promise<ReadonlyMap<string, string>> {
  const customers = [...new Set(configs.map(({ customer }) => customer))];
  const stored = (await Promise.all(customers.map((customer) => deps.configs.ofCustomer(customer)))).flat();
  return new Map(stored.map(({ customer, arn, name }) => [`${customer}#${arn}`, name]));
}

async function applyCluster(
  deps: ApplyDeps,
  configs: readonly ServiceConfig[],
  owners: ReadonlyMap<string, string>,
  options: { readonly takesBack?: string },
): Promise<AppliedService[]> {
  const look = await describe(deps, configs);
  const applied: AppliedService[] = [];
  for (const config of configs) {
    const base = { customer: config.customer, name: config.name, arn: config.arn, mode: config.policy.mode };
    const owner = owners.get(`${config.customer}#${config.arn}`);
    const inUse = owner === undefined || owner === config.name ? undefined : arnInUse(config, owner);
    const against = inUse ?? look.problem ?? refusal(look.found.get(serviceArn(config.arn).service));
    if (against) {
      const problem: Problem = { code: against.code, why: against.why, at: deps.clock.now() };
      deps.journal.problem({ customer: config.customer, service: config.name }, problem);
      applied.push({ ...base, problem });
      continue;
    }
    try {
      const { token, change } = await applyOne(deps, config, options);
      applied.push({ ...base, change, ...(token === undefined ? {} : { token, ...reportUrl(deps, token) }) });
    } catch (error) {
      // The others keep what they were given, tokens above all, which are told this once.
      deps.journal.warn('A service could not be stored', { customer: config.customer, service: config.name, error: String(error) });
      applied.push({ ...base, ...notStored(deps, error) });
    }
  }
  return applied;
}

const arnInUse = ({ arn, name }: ServiceConfig, owner: string) => ({
  code: 'ArnInUse',
  why: `${arn} is in the care of ${owner} already, and two policies would fight over it: take ${owner} out of care first (sluice remove ${owner}), or go on calling it that instead of ${name}.`,
});

const notConnected = (customer: string, accountId: string) => ({
  code: 'AccountNotConnected',
  why: `Account ${accountId} is not connected for customer ${customer}: connect it first.`,
});

async function describe(
  deps: ApplyDeps,
  configs: readonly ServiceConfig[],
): Promise<{ found: Map<string, ServiceDescription>; problem?: { code: string; why: string } }> {
  const [first] = configs;
  if (!first) return { found: new Map() };
  const { accountId, region, cluster } = serviceArn(first.arn);
  const account = await deps.accounts.get(first.customer, accountId);
  if (!account?.roleArn) {
    return {
      found: new Map(),
      problem: notConnected(first.customer, accountId),
    };
  }
  try {
    const reader = await deps.customerAws.reader(
      { ...account, roleArn: account.roleArn },
      region,
      configs.map((c) => c.arn),
    );
    const { found } = await reader.describe(
      cluster,
      configs.map((c) => serviceArn(c.arn).service),
    );
    return { found: new Map(found.map((d) => [d.name, d])) };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const code = error.kind === 'denied' ? 'AccessDenied' : error.kind === 'not-found' ? 'ClusterNotFound' : 'EcsUnavailable';
    return { found: new Map(), problem: { code, why: `${error.action}: ${error.message}` } };
  }
}

/** Stores one service, on record; a token is made where it had none. */
async function applyOne(
  deps: ApplyDeps,
  config: ServiceConfig,
  { takesBack }: { readonly takesBack?: string },
): Promise<{ readonly token?: string; readonly change: 'added' | 'changed' | 'none' }> {
  const { customer, name } = config;
  const before = await deps.configs.find(customer, name);
  const [was, becomes] = [before ? asJson(storeServiceConfig(before)) : null, asJson(storeServiceConfig(config))];
  const same = before !== undefined && sameJson(was, becomes);
  const draft = {
    customer,
    service: name,
    what: 'config',
    summary: before ? `Changed the policy of ${name}.` : `Put ${name} under care in mode ${config.policy.mode}.`,
    before: was,
    after: becomes,
    ...(takesBack === undefined ? {} : { takesBack }),
  };
  const stored = await recorded(deps, same ? [] : [draft], async () => {
    const done = await storeService(deps, before, config, { same });
    await demandConnected(deps, config, done.token);
    return done;
  });
  await lookSoon(deps, config);
  return { ...stored, change: same ? 'none' : before ? 'changed' : 'added' };
}

/** What to say of one that could not be stored: whether anything of it is there. */
function notStored(deps: ApplyDeps, error: unknown): Pick<AppliedService, 'problem' | 'token' | 'reportUrl'> {
  const at = deps.clock.now();
  if (error instanceof AccountGone) return { problem: { ...notConnected(error.customer, error.accountId), at } };
  if (!(error instanceof PartlyStored))
    return {
      problem: { code: 'NotStored', why: 'It could not be stored just now, and nothing of it was: all is as before. Apply it again.', at },
    };
  const why =
    'It could not be stored whole just now, nor could what was stored of it be taken back. Apply it again: that completes it, and does no harm where it is complete.';
  return {
    problem: { code: 'PartlyStored', why, at },
    ...(error.token === undefined ? {} : { token: error.token, ...reportUrl(deps, error.token) }),
  };
}
