/** How much a notice matters: `critical` wakes somebody, `warning` is for the working day, `info` is for the record. */
export type Severity = 'info' | 'warning' | 'critical';

/** A customer's door stands open or is shut, or the whole fleet is held. */
const CRITICAL = ['AccessDenied', 'AccountNotConnected', 'BreakerOpened', 'RoleMissing', 'TrustTooOpen'];

/** What alarm and metric `TrustBroken` count: the role is gone, refuses, or opens without its external ID. */
export const TRUST_CODES: readonly string[] = ['AccessDenied', 'RoleMissing', 'TrustTooOpen'];

/** Holds that somebody has to do something about. Other holds are the daily work and are not noticed. */
export const TROUBLED_HOLDS: Readonly<Record<string, Severity>> = {
  AnotherAutoscaler: 'warning',
  DeployResetCount: 'warning',
  EstimateDoesNotExplain: 'info',
  FailedRollout: 'warning',
  FallbackFloor: 'warning',
  ManualCount: 'info',
  NoReadings: 'info',
  StateUnknown: 'warning',
  TasksNotStarting: 'warning',
};

/** Of a problem's or finding's code; one that is not known is a warning. */
export const severityOfProblem = (code: string): Severity => (CRITICAL.includes(code) ? 'critical' : 'warning');

const OUTCOMES: Readonly<Record<string, Severity>> = { refused: 'warning', failed: 'warning' };

/** Of what became of a decision. */
export const severityOfOutcome = (outcome: string): Severity => OUTCOMES[outcome] ?? 'info';

/** Codes of problems are in PascalCase; a warning may carry a word of another kind under the same name. */
export const isProblemCode = (code: unknown): code is string => typeof code === 'string' && /^[A-Z]/.test(code);
