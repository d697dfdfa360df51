import type { Instant } from '../clock.ts';
import type { Decision } from '../decide/decision.ts';
import type { Memory } from '../decide/memory.ts';
import type { LastWrite, StateReading } from '../decide/observation.ts';

/** What became of a decision. */
export type Outcome = 'applied' | 'unchanged' | 'superseded' | 'refused' | 'expired' | 'failed';

export interface OutcomeRecord {
  readonly decision: string;
  readonly at: Instant;
  readonly outcome: Outcome;
  /** The desired count after it, where that is known. */
  readonly desiredCount: number | null;
  readonly why: string;
}

/** A decision as it is kept: a hold like the one before extends it. */
export type StoredDecision = Decision & {
  readonly id: string;
  /** When it was first made. */
  readonly at: Instant;
  /** When it was last made again, and how often in all. */
  readonly lastAt: Instant;
  readonly times: number;
};

/** Why a service cannot be scaled at all now. */
export interface Problem {
  readonly code: string;
  readonly why: string;
  readonly at: Instant;
}

/** The control item: one per service. All decisions of a service pass through it. */
export interface Control {
  readonly customer: string;
  readonly group: string;
  readonly service: string;
  /** 0: not stored yet. */
  readonly version: number;
  readonly state: StateReading;
  readonly memory: Memory;
  readonly decision?: StoredDecision;
  /** The id of `decision` while it has not been acted upon. */
  readonly act?: string;
  /** When the report arrived that set `act` off; absent where none did. */
  readonly reportedAt?: Instant;
  readonly lastWrite?: LastWrite;
  readonly lastOutcome?: OutcomeRecord;
  readonly problem?: Problem;
}

/** One stored part of one report. */
export interface StoredReport {
  readonly service: string;
  /** Short hash of container and pid. */
  readonly reporter: string;
  /** Short hash of the body: the same body again is the same item. */
  readonly hash: string;
  readonly part: number;
  /** Start of the 10 s slot of the newest sample (of the arrival, for a report without samples), ms. */
  readonly slotAt: Instant;
  /** Packed digest, see lib/reports/pack-digest.ts. */
  readonly digest: Uint8Array;
}

/** A report token as stored: hashed. */
export interface TokenRecord {
  readonly customer: string;
  readonly service: string;
  readonly group: string;
  readonly keyId: string;
  /** SHA-256 of the secret part, hex. */
  readonly secretHash: string;
  readonly createdAt: Instant;
}

/** The services of one cluster, which tick looks at together. */
export interface Watch {
  readonly customer: string;
  readonly accountId: string;
  readonly region: string;
  readonly cluster: string;
  readonly services: readonly { readonly service: string; readonly group: string }[];
  /** When tick has to look again. */
  readonly dueAt: Instant;
}

/** A pause that a person ordered. */
export interface Pause {
  readonly in: boolean;
  readonly out: boolean;
  readonly why: string;
  readonly at: Instant;
  readonly until?: Instant;
}

/** History: a decision with its outcome, kept for as long as the operator chose. */
export interface HistoryEntry {
  readonly customer: string;
  readonly service: string;
  readonly decision: StoredDecision;
  readonly outcome?: OutcomeRecord;
}

/** What a service looked like at one moment, kept for charts. */
export interface Point {
  readonly at: Instant;
  readonly desired: number | null;
  readonly running: number | null;
  readonly floor: number;
  readonly cap: number;
  /** Of the policy's targets, in their order; null where a reading was unknown. ms, shares or counts. */
  readonly values: readonly (number | null)[];
}

/** Plain JSON, as changes keep what was before and after. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One change that a person made: who, when, before and after. */
export interface Change {
  /** Sorts by time. */
  readonly id: string;
  readonly at: Instant;
  /** ARN of who did it; "local" in a local run. */
  readonly who: string;
  /** Null: it concerns everything, or no customer. */
  readonly customer: string | null;
  readonly service?: string;
  /** What it is about: "config", "overrides", "pause", "token", "account", "customer", "principal". */
  readonly what: string;
  /** One sentence. */
  readonly summary: string;
  readonly before: Json;
  readonly after: Json;
  /** The id of the change that this one takes back. */
  readonly takesBack?: string;
}
