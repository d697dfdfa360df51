import type { AccountAws } from '../discover/account-aws.ts';
import { type Check, checking, ok, unknown, wrong } from './check.ts';

/** AWS refuses signatures five minutes off; reports' samples count as garbage when they are from five seconds ahead of ours. */
const MOST_SKEW_MS = 5_000;

/** What is not about any customer: who Sluice is to AWS, and what time it has. */
export const checkOurselves = (deps: {
  readonly accountAws: Pick<AccountAws, 'identity'>;
  readonly operatorAccountId: string;
}): Promise<readonly Check[]> =>
  checking('caller', async () => {
    const { accountId, arn, credentials, clockAheadMs } = await deps.accountAws.identity();
    return [
      ok('credential source', credentials),
      accountId === deps.operatorAccountId
        ? ok('caller', arn)
        : wrong(
            'caller',
            `${arn} is of account ${accountId}; this Sluice was deployed for ${deps.operatorAccountId}, which is what customers' roles trust.`,
            `Deploy Sluice in account ${deps.operatorAccountId}, or set SLUICE_ACCOUNT_ID to the account it runs in.`,
          ),
      clock(clockAheadMs),
    ];
  });

function clock(aheadMs: number | undefined): Check {
  if (aheadMs === undefined) return unknown('clock', "AWS's answer bore no date to hold our clock against.");
  const off = `${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} AWS's`;
  // The date has whole seconds.
  if (Math.abs(aheadMs) <= 1_000) return ok('clock', "The same as AWS's, to a second.");
  if (Math.abs(aheadMs) <= MOST_SKEW_MS) return ok('clock', `Our clock is ${off}.`);
  return wrong(
    'clock',
    `Our clock is ${off}: samples of reports are dropped as being from the future or too old, and AWS refuses calls from five minutes on.`,
    'Set the clock by a time server.',
  );
}
