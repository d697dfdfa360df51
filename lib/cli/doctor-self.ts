import { readFileSync } from 'node:fs';
import { createAccountAws } from '../aws/account-aws.ts';
import { ownCredentials } from '../aws/own-credentials.ts';
import { createOwnRole } from '../aws/own-role.ts';
import { sessionName } from '../aws/session-name.ts';
import { systemClock } from '../clock.ts';
import { type CredentialSource, sayingSource } from '../credentials/credential-source.ts';
import { diagnose } from '../credentials/diagnose.ts';
import { examineSelf } from '../credentials/examine-self.ts';
import { type Check, wrong } from '../doctor/check.ts';
import { checkOurselves } from '../doctor/check-ourselves.ts';
import type { Terminal } from './terminal.ts';

/** `sluice doctor --self`: who this very process is to AWS, as `sluice serve` would be in its place. */
export async function doctorSelf(terminal: Terminal): Promise<readonly Check[]> {
  const { env } = terminal;
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  const outside = { env, readText: (path: string) => readFileSync(path, 'utf8'), now: terminal.now() };
  // What can be seen without asking is told all the same.
  if (region === undefined)
    return [
      ...diagnose(outside).checks,
      wrong('Region', 'AWS_REGION is not set, and STS is asked in the Region that Sluice runs in: nothing was asked.', 'Set AWS_REGION.'),
    ];
  const credentialsOf = (source: CredentialSource) =>
    ownCredentials({ source, region, clock: systemClock, sessionName: sessionName(env['SLUICE_DEPLOYMENT'] ?? 'sluice', 'doctor') });
  return examineSelf(
    {
      credentials: (source) => credentialsOf(source)(),
      caller: async (source) => {
        const aws = {
          region,
          clock: systemClock,
          credentials: credentialsOf(source),
          deployment: 'doctor',
          credentialSource: sayingSource(source),
        };
        const accountAws = createAccountAws(aws);
        const operatorAccountId = env['SLUICE_ACCOUNT_ID'] ?? (await accountAws.identity()).accountId;
        // The source was told already.
        return (await checkOurselves({ accountAws, operatorAccountId })).filter(({ check }) => check !== 'credential source');
      },
      trustOf: (source, roleName) => createOwnRole({ region, credentials: credentialsOf(source) }).trustOf(roleName),
    },
    outside,
  );
}
