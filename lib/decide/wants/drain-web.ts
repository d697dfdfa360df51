import type { RequestQueueTimeTarget } from '../../policy/policy.ts';
import type { Facts } from '../facts.ts';
import type { Learned } from '../memory.ts';
import type { TargetSignals } from '../observation.ts';
import { type RangeReading, rangeWant } from './range.ts';
import type { Want } from './want.ts';

export function drainWebWant(_t: RequestQueueTimeTarget, range: RangeReading, _s: TargetSignals, _l: Learned | null, facts: Facts): Want {
  return rangeWant(range, facts);
}
