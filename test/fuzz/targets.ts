import type { Target } from './target.ts';
import { adminApi } from './targets/admin-api.ts';
import { eventShapes } from './targets/event-shapes.ts';
import { policyFile } from './targets/policy-file.ts';
import { reportEndpoint } from './targets/report-endpoint.ts';
import { storedItems } from './targets/stored-items.ts';

export const TARGETS: readonly Target[] = [reportEndpoint, adminApi, policyFile, storedItems, eventShapes];

/** How many of `cases` fall to each target, by its share; whole episodes, and one at least. */
export function episodesOf(targets: readonly Target[], cases: number): ReadonlyMap<Target, number> {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  return new Map(targets.map((target) => [target, Math.max(1, Math.ceil((cases * target.share) / shares / target.cases))]));
}
