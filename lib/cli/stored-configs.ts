import type { ServiceConfig } from '../policy/policy.ts';
import { parseStoredServiceConfig } from '../policy/store-policy.ts';
import { readAnswer } from './admin-answers.ts';
import { type AdminClient, AdminFailure } from './admin-client.ts';
import { configsAnswer } from './operate-answers.ts';

export interface StoredConfig {
  readonly config: ServiceConfig;
  readonly overrides: readonly {
    readonly name: string;
    readonly until: number;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  }[];
  readonly tags: { readonly min?: number | undefined; readonly max?: number | undefined; readonly mode?: string | undefined };
}

/** What is configured, as the API has it: of a customer, of one service, or of all. */
export async function storedConfigs(
  client: AdminClient,
  query: { readonly customer?: string; readonly service?: string },
): Promise<StoredConfig[]> {
  const { services } = readAnswer(configsAnswer, await client.get('/v1/configs', query));
  const stored = services.map(({ config, overrides, tags }) => {
    const parsed = parseStoredServiceConfig(config);
    if (!parsed.ok) throw new AdminFailure(`The admin API answered with ${parsed.why}. Is it of another version?`);
    return { config: parsed.config, overrides, tags };
  });
  // In one order, so that what is kept in git does not change by itself.
  return stored.sort((a, b) => a.config.name.localeCompare(b.config.name, 'en'));
}
