import type { Clock } from '../clock.ts';

/** The monitor has this long to answer; what it says is of no interest. */
const PATIENCE_MS = 2_000;

/** Asks a URL and resolves when it has answered, well or badly; rejects where there was no answer. */
export type Ask = (url: string, signal: AbortSignal) => Promise<void>;

/**
 * A sign of life for a monitor outside of AWS, which wakes somebody when there is none: the only alarm that still works when
 * the account or the Region does not. Resolves within two seconds whatever happens, with why it failed, if it did. The URL is
 * a secret of its own and is in no answer.
 */
export async function beat(url: string, ask: Ask, clock: Clock): Promise<string | undefined> {
  const over = new AbortController();
  const done = new AbortController();
  const late = clock.sleep(PATIENCE_MS, done.signal).then(() => {
    over.abort();
    return `no answer within ${PATIENCE_MS} ms`;
  });
  const asked = ask(url, over.signal).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.name : 'it could not be reached'),
  );
  const why = await Promise.race([asked, late]);
  done.abort();
  return why;
}

export const askByFetch: Ask = async (url, signal) => {
  const answer = await fetch(url, { signal, redirect: 'manual', headers: { 'user-agent': 'sluice' } });
  await answer.body?.cancel();
};
