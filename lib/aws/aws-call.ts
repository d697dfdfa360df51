import { type Clock, systemClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { AwsFailureKind } from './aws-failure.ts';
import { AwsFailure } from './aws-failure.ts';
import { toAwsFailure } from './classify.ts';

/** One call as it went, for metrics, logs and the bench. */
export interface AwsCallReport {
  /** As IAM writes it: "ecs:UpdateService". */
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
  readonly ms: number;
  readonly failed?: AwsFailureKind;
}

export interface AwsCallOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  /** What `timeoutMs` is measured by; default: real time. */
  readonly wait?: Clock['sleep'];
  readonly onCall?: (call: AwsCallReport) => void;
}

export interface AwsCallAbout {
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
  /** True where making the call twice does no more than making it once, whoever else writes in between. */
  readonly repeatable: boolean;
}

export type AwsCaller = <T>(about: AwsCallAbout, send: (signal: AbortSignal) => Promise<T>) => Promise<T>;

const RETRY_AFTER_MS = { least: 100, spread: 200 };

/**
 * How every call to a customer's AWS is made: at most `timeoutMs` long, failures as `AwsFailure`, and
 * one short retry. A throttled call was not carried out, so any may be sent again; a call whose
 * connection broke only if it is repeatable (a socket that died while the function was frozen is the
 * usual case). What was slower than `timeoutMs` is not asked again: the next evaluation will.
 */
export function awsCaller(options: AwsCallOptions): AwsCaller {
  const { clock, random, timeoutMs, wait = systemClock.sleep } = options;

  async function once<T>(about: AwsCallAbout, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const startedAt = clock.now();
    const report = (failed?: AwsFailureKind) => {
      const { action, accountId, region } = about;
      options.onCall?.({ action, accountId, region, ms: clock.now() - startedAt, ...(failed === undefined ? {} : { failed }) });
    };
    try {
      const answer = await withDeadline(send, timeoutMs, about.action, wait);
      report();
      return answer;
    } catch (error) {
      const failure = toAwsFailure(error, about.action);
      report(failure.kind);
      throw failure;
    }
  }

  return async (about, send) => {
    try {
      return await once(about, send);
    } catch (error) {
      if (!(error instanceof AwsFailure) || !deservesRetry(error, about)) throw error;
    }
    const share = (random.bytes(1)[0] ?? 0) / 255;
    await clock.sleep(RETRY_AFTER_MS.least + Math.round(share * RETRY_AFTER_MS.spread));
    return await once(about, send);
  };
}

class TooSlow extends AwsFailure {}

function deservesRetry(failure: AwsFailure, about: AwsCallAbout): boolean {
  if (failure.kind === 'throttled') return true;
  if (!about.repeatable || failure instanceof TooSlow) return false;
  return failure.kind === 'unavailable' || failure.kind === 'timeout';
}

/**
 * Real time unless told otherwise: a socket knows no other, and a virtual clock that leaps ahead must not cut off a call that
 * is on its way. Races the call, since looking for credentials heeds no signal.
 */
async function withDeadline<T>(send: (signal: AbortSignal) => Promise<T>, ms: number, action: string, wait: Clock['sleep']): Promise<T> {
  const abort = new AbortController();
  const over = new AbortController();
  const tooSlow = wait(ms, over.signal).then((): Promise<never> => {
    if (over.signal.aborted) return new Promise(() => undefined);
    abort.abort();
    throw new TooSlow('timeout', action, `no answer within ${ms} ms`);
  });
  try {
    return await Promise.race([send(abort.signal), tooSlow]);
  } finally {
    over.abort();
  }
}
