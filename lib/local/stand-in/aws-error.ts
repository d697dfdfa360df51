/** An answer of AWS that is an error: what the SDK makes an exception of. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** AWS's own name for it: "AccessDeniedException". */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
