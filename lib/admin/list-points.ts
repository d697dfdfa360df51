import type { Clock } from '../clock.ts';
import type { ConfigStore, PointStore } from '../stores/ports.ts';
import type { Point } from '../stores/records.ts';
import { BadRequest } from './bad-request.ts';
import { type ListedTarget, listedTarget } from './target-objective.ts';

export interface Chart {
  readonly customer: string;
  readonly service: string;
  readonly min: number;
  readonly max: number;
  /** `values` of a point are those of these targets, in this order. */
  readonly targets: readonly ListedTarget[];
  readonly points: readonly Point[];
}

/** More is a matter of an export, not of a request: two days of minutes. */
const LONGEST_MS = 48 * 3_600_000;

/** The points of one service's last hours. */
export async function listPoints(
  deps: { readonly configs: Pick<ConfigStore, 'find'>; readonly points: Pick<PointStore, 'of'>; readonly clock: Clock },
  { customer, service, since }: { readonly customer: string; readonly service: string; readonly since?: number | undefined },
): Promise<Chart> {
  const config = await deps.configs.find(customer, service);
  if (!config) throw new BadRequest([`service: customer ${customer} has no service ${service}`]);
  const now = deps.clock.now();
  const from = since ?? now - 6 * 3_600_000;
  if (now - from > LONGEST_MS) throw new BadRequest(['since: at most 48 hours back']);
  const { min, max, targets } = config.policy;
  const points = await deps.points.of(customer, config.group, service, from);
  // A point of an earlier policy may have had other targets: its counts still hold.
  const kept = points.map((point) => ({
    ...point,
    values: point.values.length === targets.length ? point.values : targets.map(() => null),
  }));
  return { customer, service, min, max, targets: targets.map(listedTarget), points: kept };
}
