/**
 * Every code that a decision, a want or a rule may carry, with its meaning. The list is closed and
 * stable: codes are what alarms, dashboards and scripts of users hang on.
 */
export const CODES = {
  // Wants: what one target asks for.
  AboveTarget: 'A reading is over its target: scale out by a step.',
  BelowRange: 'A reading is below the bottom of its range: scale in by a step.',
  WithinRange: 'The readings are where the policy wants them.',
  AwaitingStartUp: 'The target is missed, and tasks ordered for that are still starting.',
  MoreThanPerTask: 'There is more work than the tasks are meant to share.',
  LessThanPerTask: 'There is less work than the tasks are meant to share.',
  WithinDeadBand: 'The work per task is off by less than the dead band.',
  BelowActivation: 'At zero tasks, and the queue is not over the activation threshold.',
  DemandAboveCapacity: 'By queueing theory the work that arrives needs more tasks.',
  DemandBelowCapacity: 'By queueing theory fewer tasks can carry the work that arrives.',
  DemandMatchesCapacity: 'By queueing theory the tasks are the right number.',
  EstimateDoesNotExplain: 'The target is missed although the estimate finds the tasks enough: the target counts.',
  EstimateMissing: 'An estimate for the queueing formula is missing; a simpler rule decides.',
  KeepOneForRequests: 'A target fed by the service itself cannot wake it from zero: one task stays.',
  NotKnownEmpty: 'One task stays until the queue is known to be empty.',
  TargetUnknown: 'A target has no usable reading: it never scales in.',
  StaleReading: 'A target has only an old reading: it never scales in.',
  WorkWaiting: 'Jobs wait and no task runs: one is started.',
  // Bounds.
  AtFloor: 'The count is raised to, or kept at, the floor.',
  AtActiveMinimum: 'With any work at all there is a minimum of its own.',
  AtCap: 'The count is lowered to, or kept at, the cap.',
  ScheduleFloor: 'A schedule raises the floor.',
  OverrideFloor: 'An override raises the floor.',
  FallbackFloor: 'There has been no reading for long: the fallback count is the floor.',
  ScheduleCap: 'A schedule lowers the cap.',
  OverrideCap: 'An override lowers the cap.',
  CapBelowFloor: 'Floor and cap cross: the cap wins.',
  LoweredCap: 'The count is over the cap and goes down to it in steps.',
  // Combining.
  UnknownBlocksScaleIn: 'Some targets would scale in, but one is unknown.',
  NoReadings: 'No target has a usable reading.',
  NoTargets: 'The policy names no target: only the bounds apply.',
  // Guards.
  StateUnknown: 'What ECS says of the service is not known: nothing is changed.',
  InFlight: 'A decision is on its way to ECS.',
  DeploymentNoScaleIn: 'A deployment is in progress: no scale-in.',
  FailedRollout: 'The last rollout failed: more tasks would not start either.',
  TasksNotStarting: 'Tasks ordered before have not started: ordering more does not help.',
  DeployResetCount: 'A deployment reset the count: it is restored.',
  AnotherAutoscaler: 'Somebody else keeps changing the count: Sluice holds, the service should be observed only.',
  ManualCount: 'A person set the count: it is respected for a while.',
  JobsRunning: 'Jobs are running: no scale-in below them.',
  BusyUnknown: 'It is not known whether jobs are running: no scale-in.',
  Panic: 'A burst is on, or nothing is known of what was before: no scale-in until that is over.',
  ScaleOutRateLimit: 'The limit on tasks added per period.',
  ScaleInRateLimit: 'The limit on tasks removed per period.',
  ScaleInStabilizing: 'Scale-in waits: it goes to the highest count wanted in its window.',
  ScaleOutStabilizing: 'Scale-out waits: it goes to the lowest count wanted in its window.',
  ScaleOutCooldown: 'The last scale-out is too recent for another.',
  ScaleInCooldown: 'The last change is too recent for a scale-in.',
  ScaleOutPaused: 'Scale-out is paused.',
  ScaleInPaused: 'Scale-in is paused.',
  BreakerOpen: 'An unusual share of services wants in at once: bad telemetry is likelier than good news.',
  // Mode.
  Observing: 'Mode observe: it is recorded what would have been done.',
  OutOnly: 'Mode out-only: never scales in.',
  Off: 'Mode off: nothing is decided.',
} as const;

export type Code = keyof typeof CODES;
