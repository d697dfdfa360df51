import type { Clock } from '../clock.ts';

/** What DynamoDB gives one partition a second; no on-demand setting lifts it. */
export const partitionLimits = { writeUnits: 1_000, readUnits: 3_000 } as const;

export interface PartitionLimits {
  /** True when the partition can still give that many units now; they are then gone. */
  take(partition: string, kind: 'read' | 'write', units: number): boolean;
}

/**
 * A bucket per partition and kind, as large as one second's limit and refilled evenly. DynamoDB's burst credit of up to five
 * minutes is left out, since it is not promised; so are its splits of hot partitions, which do not help keys that grow with time.
 */
export const createPartitionLimits = (clock: Clock): PartitionLimits => {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take: (partition, kind, units) => {
      const capacity = kind === 'read' ? partitionLimits.readUnits : partitionLimits.writeUnits;
      const name = `${kind} ${partition}`;
      const now = clock.now();
      const bucket = buckets.get(name) ?? { level: capacity, at: now };
      bucket.level = Math.min(capacity, bucket.level + (Math.max(0, now - bucket.at) * capacity) / 1_000);
      bucket.at = now;
      buckets.set(name, bucket);
      // One request may cost more than a second's worth; it passes when the bucket is full and leaves a debt.
      if (bucket.level < Math.min(units, capacity)) return false;
      bucket.level -= units;
      return true;
    },
  };
};
