import type { Instant } from '../clock.ts';
import type { OutcomeRecord, StoredDecision } from '../stores/records.ts';
import type { Severity } from './severity.ts';

/** What is told to the outside: a decision with what became of it, or a trouble. docs/events.md is its contract. */
export interface Notice {
  readonly type: 'Scaling' | 'Trouble';
  readonly severity: Severity;
  readonly at: Instant;
  readonly code: string;
  readonly why: string;
  readonly customer?: string;
  readonly service?: string;
  /** Twelve digits. */
  readonly account?: string;
  readonly decision?: StoredDecision;
  readonly outcome?: OutcomeRecord;
}

/** Which deployment speaks. */
export interface Speaker {
  readonly stage: string;
  readonly deployment: string;
}

/** One event as EventBridge takes it, but for the name of the bus. */
export interface NoticeEvent {
  readonly Source: 'sluice';
  readonly DetailType: 'Sluice Scaling' | 'Sluice Trouble';
  /** Seconds since the epoch. */
  readonly Time: number;
  readonly Detail: string;
}

/** The version of `detail`; it grows when something is removed or changes its meaning, not when something is added. */
export const NOTICE_VERSION = 1;

/** EventBridge takes 256 kB a call, up to ten events; a sentence as long as this has lost its reader anyway. */
const LONGEST_WHY = 2_000;

const iso = (at: Instant) => new Date(at).toISOString();
const cut = (text: string) => (text.length > LONGEST_WHY ? `${text.slice(0, LONGEST_WHY - 1)}…` : text);

/** A notice as an event. The trail is left out: it stands in the log and in history, under the decision's id. */
export function noticeEvent(notice: Notice, { stage, deployment }: Speaker): NoticeEvent {
  const { type, severity, at, code, customer, service, account, decision, outcome } = notice;
  const why = cut(notice.why);
  const detail = {
    version: NOTICE_VERSION,
    stage,
    deployment,
    severity,
    at: iso(at),
    code,
    why,
    text: sentence({ ...notice, why }, stage),
    ...(customer === undefined ? {} : { customer }),
    ...(service === undefined ? {} : { service }),
    ...(account === undefined ? {} : { account }),
    ...(decision && {
      decision: {
        id: decision.id,
        at: iso(decision.at),
        kind: decision.kind,
        from: decision.from,
        to: decision.to,
        code: decision.code,
        why: cut(decision.why),
      },
    }),
    ...(outcome && {
      outcome: { outcome: outcome.outcome, at: iso(outcome.at), desiredCount: outcome.desiredCount, why: cut(outcome.why) },
    }),
  };
  return { Source: 'sluice', DetailType: `Sluice ${type}`, Time: Math.floor(at / 1000), Detail: JSON.stringify(detail) };
}

/** "Sluice dev: acme/web scaled from 2 to 5. …": one line for a mail or a chat. */
function sentence({ severity, customer, service, account, code, why, decision, outcome }: Notice, stage: string): string {
  const whom = [customer, service ?? account].filter((part) => part !== undefined).join('/');
  const what =
    decision?.kind === 'scale' && outcome
      ? `${decision.from} → ${decision.to} tasks, ${outcome.outcome}. ${decision.why}${outcome.outcome === 'applied' ? '' : ` ${outcome.why}`}`
      : `${code}: ${why}`;
  const loud = severity === 'info' ? '' : ` [${severity}]`;
  // One line: a template of EventBridge and a mail's subject take no more.
  return `Sluice ${stage}${loud}${whom === '' ? '' : ` ${whom}`}: ${what}`.replace(/\s+/g, ' ').slice(0, LONGEST_WHY * 2);
}
