import { readFile } from 'node:fs/promises';

const PATIENCE_MS = 2_000;

/**
 * What is the matter with a container's credentials that the SDK could not have: its chain goes on to the next link and in the
 * end says nothing of this one. Asked once more, the endpoint tells; what it gives is not looked at.
 */
export async function containerFailure(error: unknown, url: string, tokenFile: string | undefined): Promise<unknown> {
  const { origin } = new URL(url);
  try {
    const authorization = tokenFile === undefined ? {} : { authorization: (await readFile(tokenFile, 'utf8')).trim() };
    const answer = await fetch(url, { headers: authorization, signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.ok ? error : new Error(`${origin} answered ${answer.status}`, { cause: error });
  } catch (failure) {
    return new Error(`${origin} gave no answer`, { cause: failure });
  }
}
