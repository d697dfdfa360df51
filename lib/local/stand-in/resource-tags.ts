import type { RequestContext } from '../../iam/context.ts';
import type { Scene } from './operation.ts';

/** Tags of the service that is acted upon, as condition keys. */
export function resourceTags(arn: string, { services }: Pick<Scene, 'services'>): RequestContext {
  const tags = services.get(arn)?.fields.tags;
  const context: Record<string, string> = {};
  for (const tag of Array.isArray(tags) ? tags : []) {
    for (const prefix of ['aws', 'ecs']) context[`${prefix}:ResourceTag/${String(tag.key)}`] = String(tag.value ?? '');
  }
  return context;
}
