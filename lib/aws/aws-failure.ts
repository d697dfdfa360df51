/**
 * What went wrong at AWS, in the few kinds that Sluice treats differently. This is the only place
 * where AWS's error names are compared.
 */
export type AwsFailureKind =
  | 'denied' // AccessDenied: stop touching, and say so
  | 'throttled'
  | 'not-found' // cluster or service
  | 'not-active'
  | 'invalid' // the request can never succeed as it is
  | 'expired' // credentials: take new ones and try once more
  | 'timeout' // slower than allowed, or the answer was lost: it may have happened
  | 'unavailable' // 5xx, network
  | 'condition-failed';

export class AwsFailure extends Error {
  override readonly name = 'AwsFailure';
  readonly kind: AwsFailureKind;
  /** As IAM writes it: "ecs:UpdateService". */
  readonly action: string;
  constructor(kind: AwsFailureKind, action: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.action = action;
  }
}
