/** Every kind of fault that a simulation injects. A kind that is counted nowhere is one that never happened. */
export const FAULT_KINDS = [
  // The process dies between two calls, with what it remembered.
  'crash-before-call',
  'crash-after-call',
  'cold-start-of-everything',
  // Deliveries.
  'report-lost',
  'report-duplicate',
  'report-late',
  'stream-duplicate',
  'stream-late',
  'schedule-lost',
  'schedule-duplicate',
  'schedule-late',
  'invocation-lost',
  'invocation-duplicate',
  // Our own store.
  'table-throttle',
  'table-unavailable',
  'table-slow',
  'table-partial-batch',
  'table-stale-read',
  'table-repeated-write',
  'hot-partition',
  // STS.
  'sts-refuse',
  'sts-throttle',
  'sts-slow',
  'session-expired',
  // ECS and SQS.
  'ecs-throttle',
  'ecs-unavailable',
  'ecs-slow',
  'ecs-answer-lost',
  'ecs-incomplete',
  'queue-unreadable',
  // The world.
  'foreign-writer',
  'deployment',
  'deployment-resets-count',
  'service-deleted',
  'clock-skew',
  'dst-edge',
  'adapter-dies',
  'adapter-lies',
  'adapter-floods',
  'adapter-returns',
  'adapter-clock-wrong',
  'customer-disconnects',
  'role-closed',
  'policy-change',
  'pause',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export type FaultCounts = Partial<Record<FaultKind, number>>;
