import type { Discovered } from './discovery-answers.ts';
import { tableText } from './table-text.ts';

type Account = Discovered['accounts'][number];

/** An account as people call it. */
export const accountName = ({ accountId, name }: { readonly accountId: string; readonly name: string | null }): string =>
  name === null ? accountId : `${name} (${accountId})`;

/** What was found in accounts and is not under care, and what is wrong with the accounts themselves; no lines where there is nothing to say. */
export function discoveredText({ accounts, more }: Discovered): string[] {
  const rows = accounts.flatMap((account) =>
    account.services.flatMap(({ region, cluster, name, running, desired, underCare, code, why }) =>
      underCare === null
        ? [
            [
              account.customer,
              accountName(account),
              region,
              `${cluster}/${name}`,
              `${running}/${desired}`,
              why === null ? 'yes' : `no, ${code}: ${why}`,
            ],
          ]
        : [],
    ),
  );
  const table =
    rows.length === 0
      ? []
      : ['', 'Found, and not under care:', tableText(['CUSTOMER', 'ACCOUNT', 'REGION', 'SERVICE', 'RUNNING', 'CAN BE SCALED'], rows)];
  return [...table, ...(more > 0 ? [`and ${more} more; --customer shows those of one customer.`] : []), ...accounts.flatMap(trouble)];
}

function trouble(account: Account): string[] {
  const name = accountName(account);
  const of = `${account.customer}, ${name}`;
  if (!account.connected)
    return ['', `${of}: not connected yet: sluice connect ${account.accountId} --customer ${account.customer} --role-arn ARN`];
  if (account.at === null) return ['', `${of}: nothing was looked for there yet; discovery runs every hour.`];
  const lines = [
    ...(account.problem === null ? [] : [`${account.problem.code}: ${account.problem.why}`]),
    ...account.findings.filter(({ code }) => code !== account.problem?.code).map(({ code, why }) => `${code}: ${why}`),
    ...account.regions.flatMap(({ region, problem }) => (problem === undefined ? [] : [`${region}: ${problem.code}: ${problem.why}`])),
  ];
  return lines.length === 0 ? [] : ['', `${of}:`, ...lines.map((line) => `  ${line}`)];
}
