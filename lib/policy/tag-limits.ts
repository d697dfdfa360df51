import { limits } from './limits.ts';
import type { Mode, Policy, ServiceConfig, TagLimits } from './policy.ts';

const PREFIX = 'sluice:';
const modes: readonly Mode[] = ['off', 'observe', 'out-only', 'on'];
/** Tags of ours that say something else: the write policy by tag asks for `scale`, and Sluice's own resources carry `stage`. */
const others = ['scale', 'stage'];

/**
 * What the tags of an ECS service say of its limits, or everything that is wrong with them: then none of them counts.
 * `file` is what the policy file says, which the tags stand over.
 */
export function readTagLimits(
  tags: Readonly<Record<string, string>>,
  file: Pick<Policy, 'min' | 'max'>,
): { readonly ok: true; readonly say: TagLimits | undefined } | { readonly ok: false; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const ours = Object.entries(tags)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value.trim()] as const)
    .filter(([name]) => !others.includes(name));
  let [min, max, mode]: [number | undefined, number | undefined, Mode | undefined] = [undefined, undefined, undefined];
  const count = (name: string, text: string): number | undefined => {
    const value = Number(text);
    if (/^\d{1,5}$/.test(text) && value <= limits.tasks) return value;
    problems.push(`${PREFIX}${name} has to be a whole number from 0 to ${limits.tasks}, not ${JSON.stringify(text.slice(0, 40))}`);
    return undefined;
  };
  for (const [name, text] of ours) {
    if (name === 'min') min = count(name, text);
    else if (name === 'max') max = count(name, text);
    else if (name === 'mode') {
      mode = modes.find((word) => word === text);
      if (mode === undefined) problems.push(`${PREFIX}mode has to be one of ${modes.join(', ')}, not ${JSON.stringify(text.slice(0, 40))}`);
    } else problems.push(`${PREFIX}${name.slice(0, 60)} is not known: the tags are ${PREFIX}min, ${PREFIX}max and ${PREFIX}mode`);
  }
  const [floor, cap] = [min ?? file.min, max ?? file.max];
  // A value that could not be read is told above; what it would have been compared with is not known.
  const unread = ours.some(([name]) => (name === 'min' && min === undefined) || (name === 'max' && max === undefined));
  if (!unread && floor > cap) {
    const from = (given: number | undefined, name: string) => (given === undefined ? 'of the policy file' : `of ${PREFIX}${name}`);
    problems.push(`min ${floor} ${from(min, 'min')} is over max ${cap} ${from(max, 'max')}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  if (min === undefined && max === undefined && mode === undefined) return { ok: true, say: undefined };
  return {
    ok: true,
    say: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), ...(mode === undefined ? {} : { mode }) },
  };
}

/** The service with its tags in force over what the file says. Where the two no longer fit, as after a new file, the file's stand. */
export function withTags(config: ServiceConfig, say: TagLimits | undefined): ServiceConfig {
  const plain = fileConfig(config);
  if (say === undefined) return plain;
  const { mode, min, max } = plain.policy;
  const policy = { ...plain.policy, mode: say.mode ?? mode, min: say.min ?? min, max: say.max ?? max };
  if (policy.min > policy.max) return plain;
  return { ...plain, policy, tags: { say, file: { mode, min, max } } };
}

/** The service as its file has it, whatever tags say. */
export function fileConfig({ tags, ...config }: ServiceConfig): ServiceConfig {
  return tags === undefined ? config : { ...config, policy: { ...config.policy, ...tags.file } };
}

export const sameTagLimits = (a: TagLimits | undefined, b: TagLimits | undefined): boolean =>
  a?.min === b?.min && a?.max === b?.max && a?.mode === b?.mode;
