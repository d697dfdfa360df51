import type { Clock, Instant } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { type Notice, type NoticeEvent, noticeEvent, type Speaker } from './notice.ts';
import { isProblemCode, type Severity, severityOfOutcome, severityOfProblem, TROUBLED_HOLDS } from './severity.ts';

/** The same trouble of the same service is told once in this time. */
const SAME_AGAIN_MS = 3_600_000;
/** Troubles remembered by one warm function. */
const MOST_REMEMBERED = 1_000;
/** Events in one call of PutEvents. */
const BATCH = 10;
/** More than this in one invocation is a flood: the first tell enough. */
const MOST_AT_ONCE = 50;
/** The outside is told within this time or not at all. */
const PATIENCE_MS = 1_000;

export interface EventBus {
  /** At most ten events; `signal` ends the call. */
  put(events: readonly NoticeEvent[], signal: AbortSignal): Promise<void>;
}

export interface Notices {
  /** Hears what happens and keeps what is worth telling. */
  readonly journal: Journal;
  /** Tells what was kept. Never throws and never takes longer than a second: what could not be told is `lost`. */
  flush(): Promise<{ readonly told: number; readonly lost: number; readonly why?: string }>;
}

/**
 * Notices are made where things are told anyway, after they were stored, and leave at the end of the invocation, so that no
 * decision waits for them. A trouble that goes on is told once: problems, findings and holds come here only when they begin,
 * because their stores say so; a refused or failed outcome like the one before it is left out; and a warm function remembers
 * for an hour what it told.
 */
export function createNotices(bus: EventBus, speaker: Speaker, clock: Clock): Notices {
  const told = new Map<string, Instant>();
  let kept: Notice[] = [];

  const keep = (notice: Notice, onceAs?: string) => {
    const now = clock.now();
    if (onceAs !== undefined) {
      const before = told.get(onceAs);
      if (before !== undefined && now - before < SAME_AGAIN_MS) return;
      told.delete(onceAs);
      told.set(onceAs, now);
      const [oldest] = told.size > MOST_REMEMBERED ? told.keys() : [];
      if (oldest !== undefined) told.delete(oldest);
    }
    if (kept.length < MOST_AT_ONCE) kept.push(notice);
  };

  const journal: Journal = {
    decision: ({ customer, service }, decision) => {
      const severity: Severity | undefined = decision.kind === 'hold' ? TROUBLED_HOLDS[decision.code] : undefined;
      if (severity === undefined) return;
      const { at, code, why } = decision;
      keep({ type: 'Trouble', severity, at, code, why, customer, service, decision }, `${customer}/${service} ${code}`);
    },
    outcome: ({ customer, service }, outcome, decided) => {
      if (decided === undefined) return;
      const { decision, before } = decided;
      const severity = severityOfOutcome(outcome.outcome);
      const goesOn = before?.outcome === outcome.outcome && outcome.at - before.at < SAME_AGAIN_MS;
      if (severity !== 'info' && goesOn) return;
      const notice: Notice = {
        type: 'Scaling',
        severity,
        at: outcome.at,
        code: decision.code,
        why: decision.why,
        customer,
        service,
        decision,
        outcome,
      };
      keep(notice, severity === 'info' ? undefined : `${customer}/${service} ${outcome.outcome}`);
    },
    problem: ({ customer, service }, { code, why, at }) =>
      keep({ type: 'Trouble', severity: severityOfProblem(code), at, code, why, customer, service }, `${customer}/${service} ${code}`),
    warn: (message, fields) => {
      const code = fields['code'];
      // Without a code it is for whoever reads the log. What is mended is no trouble any more.
      if (!isProblemCode(code) || fields['since'] !== undefined) return;
      const customer = text(fields['customer']);
      const service = text(fields['service']);
      const account = text(fields['account']);
      const about = {
        ...(customer === undefined ? {} : { customer }),
        ...(service === undefined ? {} : { service }),
        ...(account === undefined ? {} : { account }),
      };
      const notice: Notice = { type: 'Trouble', severity: severityOfProblem(code), at: clock.now(), code, why: message, ...about };
      keep(notice, [customer, service, account, code, text(fields['action'])].join('/'));
    },
  };

  return {
    journal,
    async flush() {
      const notices = kept;
      kept = [];
      if (notices.length === 0) return { told: 0, lost: 0 };
      const events = notices.map((notice) => noticeEvent(notice, speaker));
      const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, i) => events.slice(i * BATCH, (i + 1) * BATCH));
      const over = new AbortController();
      const done = new AbortController();
      void clock.sleep(PATIENCE_MS, done.signal).then(() => over.abort());
      const late = new Promise<never>((_, reject) =>
        over.signal.addEventListener('abort', () => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), { once: true }),
      );
      const results = await Promise.allSettled(batches.map((batch) => Promise.race([bus.put(batch, over.signal), late])));
      done.abort();
      const failed = batches.filter((_, i) => results[i]?.status === 'rejected');
      const [reason] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      const lost = failed.reduce((sum, batch) => sum + batch.length, 0);
      return { told: events.length - lost, lost, ...(lost > 0 ? { why: reason instanceof Error ? reason.message : String(reason) } : {}) };
    },
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
