import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { CustomerAws } from '../accounts/customer-aws.ts';
import { createBreaker } from '../evaluate/breaker.ts';
import { noEarlyAnswer } from '../no-early-answer.ts';
import { createAccountStore } from '../stores/account-store.ts';
import { fromAttributeValues } from '../stores/attribute-value.ts';
import { createBreakerStore } from '../stores/breaker-store.ts';
import { createClaimStore } from '../stores/claim-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { parseControl } from '../stores/control-item.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createHistoryStore } from '../stores/history-store.ts';
import type { Control } from '../stores/records.ts';
import { createReportStore } from '../stores/report-store.ts';
import { UnreadableItem } from '../stores/unreadable-item.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import type { System } from '../system.ts';
import { applyDecision, type ScaleDeps } from './apply-decision.ts';

/** Whoever the table's stream brings a record to: it brings the same one again after a failure, to the same one in this sense. */
const STREAM = 'stream';

export interface ScaleSystem extends System {
  readonly customerAws: CustomerAws;
  /** Who acts, where it is not the function that the stream feeds: of those that hold a decision one acts. */
  readonly actor?: string;
}

/** Acts upon the decisions that the table's stream brings. */
export function createScale(system: ScaleSystem) {
  const { table, clock, random, journal, customerAws } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const deps: ScaleDeps = {
    clock,
    random,
    journal,
    customerAws,
    actor: system.actor ?? STREAM,
    claims: createClaimStore(table),
    configs: createConfigStore(table, { onUnreadable }),
    controls: createControlStore(table, { onUnreadable }),
    reports: createReportStore(table, { clock }),
    breaker: createBreaker(createBreakerStore(table), journal),
    history: createHistoryStore(table, { clock, days: system.historyDays, onUnreadable }),
    watches: createWatchStore(table, { shards: system.dueShards, onUnreadable }),
    accounts: createAccountStore(table, { onUnreadable }),
  };
  /** Records of one item in their order, different items side by side; the first that fails holds back those after it. */
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>(noEarlyAnswer).handler(async (event) => {
    const lanes = new Map<string, DynamoDBStreamEvent['Records']>();
    const given: Partial<DynamoDBStreamEvent> | null = event;
    for (const record of Array.isArray(given?.Records) ? given.Records : []) {
      const key = JSON.stringify(record?.dynamodb?.Keys);
      lanes.set(key, [...(lanes.get(key) ?? []), record]);
    }
    const failures = await Promise.all([...lanes.values()].map((lane) => applyInOrder(deps, lane)));
    return { batchItemFailures: failures.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  });
}

async function applyInOrder(deps: ScaleDeps, records: DynamoDBStreamEvent['Records']): Promise<string[]> {
  for (const record of records) {
    const sequenceNumber = record?.dynamodb?.SequenceNumber;
    try {
      const control = controlIn(record);
      if (control) await applyDecision(deps, control);
    } catch (error) {
      // It will never be readable: tried again it would only hold up the records behind it.
      if (error instanceof UnreadableItem) {
        deps.journal.warn('A decision could not be read and is left out', { sequenceNumber, error: String(error) });
        continue;
      }
      deps.journal.warn('A decision could not be handled and will be tried again', { sequenceNumber, error: String(error) });
      return sequenceNumber === undefined ? [] : [sequenceNumber];
    }
  }
  return [];
}

/** The control that a record shows; undefined where it shows something else. Throws `UnreadableItem`. */
function controlIn(record: DynamoDBRecord | null): Control | undefined {
  const image: unknown = record?.dynamodb?.NewImage;
  if (image === undefined) return undefined;
  try {
    return parseControl(fromAttributeValues(image));
  } catch (error) {
    // An attribute of a type that is never written, a set for one: somebody else's, and as unreadable the next time.
    throw error instanceof TypeError ? new UnreadableItem({ pk: 'of a', sk: 'record' }, 'NewImage', error.message) : error;
  }
}
