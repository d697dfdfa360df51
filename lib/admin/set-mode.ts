import type { Mode } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import { fileConfig } from '../policy/tag-limits.ts';
import type { ConfigStore } from '../stores/ports.ts';
import { BadRequest } from './bad-request.ts';
import { type LookSoonDeps, lookSoon } from './look-soon.ts';
import { asJson, type RecordDeps, recorded } from './record-change.ts';

export interface ModeDeps extends RecordDeps, LookSoonDeps {
  readonly configs: Pick<ConfigStore, 'find' | 'replace'>;
}

export interface ModeSet {
  readonly customer: string;
  readonly service: string;
  readonly mode: Mode;
  readonly before: Mode;
  /** What is in force; another than `mode` where a tag on the ECS service says so. */
  readonly inForce: Mode;
}

/** Puts one service into a mode, until the next apply of its file says another. */
export async function setMode(
  deps: ModeDeps,
  { customer, service, mode }: { readonly customer: string; readonly service: string; readonly mode: Mode },
): Promise<ModeSet> {
  const config = await deps.configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  const stored = fileConfig(config);
  const before = stored.policy.mode;
  const inForce = config.tags?.say.mode ?? mode;
  if (before === mode) return { customer, service, mode, before, inForce };
  const next = { ...stored, policy: { ...stored.policy, mode } };
  const draft = {
    customer,
    service,
    what: 'config',
    summary: `Put ${service} from mode ${before} to ${mode}.`,
    before: asJson(storeServiceConfig(stored)),
    after: asJson(storeServiceConfig(next)),
  };
  return recorded(deps, [draft], async () => {
    // Taken out of care between the look and the write it must not come back.
    if ((await deps.configs.replace(next)) === 'condition-failed')
      throw new BadRequest([`service: ${service} was removed or moved just now`]);
    await lookSoon(deps, config);
    return { customer, service, mode, before, inForce };
  });
}
