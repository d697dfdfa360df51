/** Why a sample was not taken. Each is counted, named in the answer, and stored nowhere. */
export const DROP_REASONS = {
  MalformedSample: 'a sample is [time, value, identifier] or [time, value, identifier, queue]',
  NoValue: 'the value is null (older adapters send that for NaN)',
  NotANumber: 'the time or the value is not a finite number',
  TooOld: 'the sample is more than 5 minutes old',
  InTheFuture: 'the sample is dated more than 5 seconds ahead of our clock',
  Negative: 'the value is negative',
  TooLarge: 'a request takes at most 10 minutes, a queue holds at most 1,000,000,000 jobs',
  NotAnInteger: 'jobs are counted in whole numbers',
  OutOfRange: 'utilisation is 0 to 100',
  NoQueue: 'depth and busy need the name of a queue',
  BadQueueName: 'the name of a queue is text that is not empty',
  QueueNameTooLong: 'the name of a queue has at most 256 bytes',
  TooManyQueues: 'a report tells of at most 1,000 queues',
} as const;

export type DropReason = keyof typeof DROP_REASONS;

/** Counts by reason; reasons that did not occur are left out. */
export type DropCounts = { readonly [reason in DropReason]?: number };
