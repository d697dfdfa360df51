import { AwsFailure } from './aws-failure.ts';

/** Does it with the session at hand, and once more with a new one where that was revoked, or ended before its time. */
export async function renewed<S, T>(open: () => Promise<S>, drop: (session: S) => void, use: (session: S) => Promise<T>): Promise<T> {
  const session = await open();
  try {
    return await use(session);
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.kind !== 'expired') throw error;
  }
  drop(session);
  return await use(await open());
}
