import { ListRegionsCommand } from '@aws-sdk/client-account';
import { ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import type { Explorer } from '../discover/account-aws.ts';
import type { AccountClients } from './account-clients.ts';
import type { Session } from './assume-role.ts';
import type { AwsCaller } from './aws-call.ts';
import { REGION_ACTIONS, regionExplorer } from './region-explorer.ts';

/** The calls of discovery, as IAM writes them: what its session is narrowed to. */
export const DISCOVERY_ACTIONS = ['account:ListRegions', 'iam:ListAccountAliases', ...REGION_ACTIONS] as const;

const MOST_REGIONS_PER_CALL = 50;

export interface ExplorerOf {
  readonly accountId: string;
  readonly partition: string;
  readonly homeRegion: string;
  readonly session: Session;
}

/** Discovery's calls with one session. */
export function explorer(call: AwsCaller, clients: AccountClients, { accountId, partition, homeRegion, session }: ExplorerOf): Explorer {
  const about = (action: (typeof DISCOVERY_ACTIONS)[number]) => ({ action, accountId, region: homeRegion, repeatable: true });
  return {
    async alias() {
      const iam = clients.iamAs(session, partition);
      const answer = await call(about('iam:ListAccountAliases'), (abortSignal) =>
        iam.send(new ListAccountAliasesCommand({}), { abortSignal }),
      );
      // An account has one alias at most.
      return answer.AccountAliases?.[0];
    },
    async regions(after) {
      const account = clients.accountAs(session, partition);
      const command = new ListRegionsCommand({
        MaxResults: MOST_REGIONS_PER_CALL,
        // Those that are being enabled or disabled do not answer reliably.
        RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'],
        ...(after === undefined ? {} : { NextToken: after }),
      });
      const answer = await call(about('account:ListRegions'), (abortSignal) => account.send(command, { abortSignal }));
      const items = (answer.Regions ?? []).flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName]));
      return { items, ...(answer.NextToken === undefined ? {} : { next: answer.NextToken }) };
    },
    in: (region) =>
      regionExplorer(call, {
        ecs: clients.ecsAs(session, region),
        autoScaling: clients.autoScalingAs(session, region),
        accountId,
        region,
      }),
  };
}
