import type { Facts } from './facts.ts';
import type { Ruling } from './guards/guard.ts';

/** What the mode lets through: everything, scale-out only, or nothing but the record of what would have been. */
export function applyMode({ policy, state }: Facts, count: number): Ruling | undefined {
  const { desired } = state;
  if (count === desired) return undefined;
  if (policy.mode === 'observe')
    return { code: 'Observing', why: 'the mode is observe, so nothing is changed', count: desired, would: count };
  if (policy.mode === 'out-only' && count < desired)
    return { code: 'OutOnly', why: 'the mode is out-only, so nothing is removed', count: desired, would: count };
  return undefined;
}
