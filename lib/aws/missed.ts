import type { MissCode } from '../reports/collected.ts';
import { AwsFailure, type AwsFailureKind } from './aws-failure.ts';

const CODES: Readonly<Record<AwsFailureKind, MissCode>> = {
  denied: 'denied',
  throttled: 'throttled',
  'not-found': 'not-found',
  'not-active': 'invalid',
  invalid: 'invalid',
  expired: 'unavailable',
  timeout: 'unavailable',
  unavailable: 'unavailable',
  'condition-failed': 'unavailable',
};

/** A failure of AWS is an answer that is missing; one of our own is thrown. */
export function missed(error: unknown): { readonly ok: false; readonly code: MissCode; readonly why: string } {
  if (!(error instanceof AwsFailure)) throw error;
  return { ok: false, code: CODES[error.kind], why: `${error.action}: ${error.message}` };
}
