/** The bounds of what a policy file may say. The JSON Schema repeats them; a test compares. */
export const limits = {
  /** Of the file, bytes. */
  fileBytes: 1_048_576,
  /** Values in one file, each as often as aliases repeat it; a file of 1 MB cannot write more out. */
  nodes: 600_000,
  /** Services in one file. */
  services: 5_000,
  /** ECS's default quota of tasks per service. */
  tasks: 5_000,
  /** Targets of one service, after a map of queues is spread out. */
  targets: 10,
  queues: 100,
  queueNameLength: 255,
  schedules: 50,
  dimensions: 30,
  nameLength: 100,
  rateLimits: 5,
  concurrency: 10_000,
  /** HPA's bound of `stabilizationWindowSeconds`: what the memory of a service has to span. */
  stabilizeMs: 3_600_000,
  /** HPA's bound of `periodSeconds` is 30 min. */
  ratePeriodMs: 1_800_000,
  cooldownMs: 86_400_000,
  /** An observation carries the intervals of the next two hours; a longer lead would not be seen. */
  leadMs: 7_200_000,
  /** A cron window; longer ones are schedules with dates. */
  cronForMs: 7 * 86_400_000,
  /** Starts of a cron schedule in a day: one every 5 min. */
  cronStartsPerDay: 288,
  startUpMs: 3_600_000,
  staleAfterMs: 3_600_000,
  fallbackAfterMs: 86_400_000,
  respectManualMs: 30 * 86_400_000,
  panicWindowMs: 300_000,
  /** Of a request or response time. */
  requestTimeMs: 600_000,
  /** Of a job latency: reports clamp there. */
  jobLatencyMs: 30 * 86_400_000,
} as const;
