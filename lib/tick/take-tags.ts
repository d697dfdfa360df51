import type { Instant } from '../clock.ts';
import type { Seen } from '../evaluate/evaluate-group.ts';
import { BAD_TAGS } from '../evaluate/next-control.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { fileConfig, readTagLimits, sameTagLimits, withTags } from '../policy/tag-limits.ts';
import type { ConfigStore, GroupConfig } from '../stores/ports.ts';

export type ServiceTags = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * Takes over what tags on the services now say: it is stored with their configuration, so that reports are decided by it, too.
 * Of tags with a mistake nothing is taken: what was in force stays, and the mistake is told as the service's problem, unless it
 * has a worse one. A service that nothing was said of keeps its tags.
 */
export async function takeTags(
  configs: Pick<ConfigStore, 'putTags'>,
  group: GroupConfig,
  tags: ServiceTags,
  seen: Map<string, Seen>,
  now: Instant,
): Promise<GroupConfig> {
  const services = await Promise.all(
    group.services.map(async (config): Promise<ServiceConfig> => {
      const given = tags.get(config.name);
      if (given === undefined) return config;
      const before = seen.get(config.name);
      const read = readTagLimits(given, fileConfig(config).policy);
      if (!read.ok) {
        const why = `The tags of the ECS service are not taken, and what was in force before them stays: ${read.problems.join('; ')}.`;
        if (before?.problem === null) seen.set(config.name, { ...before, problem: { code: BAD_TAGS, why, at: now } });
        return config;
      }
      if (before) seen.set(config.name, { ...before, tagsRead: true });
      if (sameTagLimits(read.say, config.tags?.say)) return config;
      const { customer, group: name } = config;
      return (await configs.putTags(customer, name, config.name, read.say)) === 'written' ? withTags(config, read.say) : config;
    }),
  );
  return { ...group, services };
}
