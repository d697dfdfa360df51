import { AwsFailure } from '../aws/aws-failure.ts';

/** One thing that was looked at. */
export interface Check {
  /** What it is about, in a few words. */
  readonly check: string;
  /** `unknown`: it could not be told; `note`: right, and worth knowing. */
  readonly result: 'ok' | 'note' | 'wrong' | 'unknown';
  readonly what: string;
  /** How to mend it. */
  readonly mend?: string;
}

export const ok = (check: string, what: string): Check => ({ check, result: 'ok', what });
export const wrong = (check: string, what: string, mend: string): Check => ({ check, result: 'wrong', what, mend });
export const unknown = (check: string, what: string, mend?: string): Check => ({
  check,
  result: 'unknown',
  what,
  ...(mend === undefined ? {} : { mend }),
});

/** Checks of one kind; AWS's failures that say nothing of the matter make them unknown. */
export async function checking(check: string, look: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return [unknown(check, `${error.action}: ${error.message}`, 'Ask again in a minute.')];
  }
}
