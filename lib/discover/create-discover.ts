import middy from '@middy/core';
import * as z from 'zod/mini';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import type { TrustDeps } from '../accounts/prove-trust.ts';
import type { Check } from '../doctor/check.ts';
import { type DoctorDeps, examine } from '../doctor/doctor.ts';
import { noEarlyAnswer } from '../no-early-answer.ts';
import { safeParse } from '../safe-parse.ts';
import { createAccountStore } from '../stores/account-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createDiscoveryStore } from '../stores/discovery-store.ts';
import { keyName } from '../stores/key-name-field.ts';
import { createReportStore } from '../stores/report-store.ts';
import type { System } from '../system.ts';
import type { AccountAws } from './account-aws.ts';
import { type AccountKey, type DiscoverDeps, discoverAccount } from './discover-account.ts';
import { runDiscovery } from './run-discovery.ts';

const accountEvent = z.object({ discover: z.object({ customer: keyName, accountId: keyName }) });
const examineEvent = z.object({ examine: z.object({ customer: z.optional(keyName), accountId: z.optional(keyName) }) });

/** What discover sends itself: one account to look at. */
export interface AccountEvent {
  readonly discover: AccountKey;
}

export interface DiscoverSystem extends System {
  readonly customerAws: Pick<CustomerAws, 'tryAssume'>;
  readonly accountAws: AccountAws;
  readonly operatorAccountId: string;
  /** Sluice's own Region. */
  readonly homeRegion: string;
  /** Only a local run sets it; see `TrustDeps`. */
  readonly foreignStsOnLoopback?: TrustDeps['foreignStsOnLoopback'];
  /** Invokes discover again, asynchronously. */
  readonly fanOut: (event: AccountEvent) => Promise<void>;
}

/** The hour's event finds the accounts; an event with an account looks at it; one that asks for an examination is answered with its checks. */
export function createDiscover(system: DiscoverSystem) {
  const { table, clock, random, journal, foreignStsOnLoopback } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const accounts = createAccountStore(table, { onUnreadable });
  const deps: DiscoverDeps & DoctorDeps = {
    clock,
    random,
    journal,
    accounts,
    aws: system.customerAws,
    accountAws: system.accountAws,
    operatorAccountId: system.operatorAccountId,
    homeRegion: system.homeRegion,
    ...(foreignStsOnLoopback === undefined ? {} : { foreignStsOnLoopback }),
    configs: createConfigStore(table, { onUnreadable }),
    controls: createControlStore(table, { onUnreadable }),
    discovery: createDiscoveryStore(table, { clock, onUnreadable }),
    reports: createReportStore(table, { clock, onUnreadable }),
  };
  return middy<unknown, { readonly checks: readonly Check[] } | undefined>(noEarlyAnswer).handler(async (event) => {
    const asked = safeParse(examineEvent, event);
    if (asked.success) {
      const { customer, accountId } = asked.data.examine;
      const patient = customer === undefined || accountId === undefined ? undefined : { customer, accountId };
      return { checks: await examine(deps, patient) };
    }
    const one = safeParse(accountEvent, event);
    if (one.success) {
      await discoverAccount(deps, one.data.discover);
      return undefined;
    }
    await runDiscovery({
      accounts,
      look: (account) => discoverAccount(deps, account),
      fanOut: (account) => system.fanOut({ discover: account }),
    });
    return undefined;
  });
}
