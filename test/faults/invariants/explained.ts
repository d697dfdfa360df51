import type { DynamoDBRecord } from 'aws-lambda';
import { fromAttributeValues } from '../../../lib/stores/attribute-value.ts';
import { latest } from '../truth.ts';
import type { Scene } from './scene.ts';

/** Invariant 10 while it runs: `scale` says that it is done with a decision only when what became of it is stored. */
export function checkReturned(scene: Scene, records: readonly DynamoDBRecord[], failed: ReadonlySet<string>): void {
  for (const record of records) {
    const image = record.dynamodb?.NewImage;
    if (image === undefined || failed.has(record.dynamodb?.SequenceNumber ?? '')) continue;
    // A failed record holds back those of its item behind it.
    const item = fromAttributeValues(image);
    if (records.some((other) => failed.has(other.dynamodb?.SequenceNumber ?? '') && other.dynamodb?.Keys?.['sk']?.S === item.sk)) continue;
    const [customer = ''] = item.pk.split('#');
    const service = item.sk.slice('control#'.length);
    const control = latest(scene.truth.controls.get(`${customer}/${service}`));
    if (typeof item['act'] === 'string' && control?.act === item['act'])
      scene.fail(
        '10 explained',
        `scale is done with decision ${item['act']} of ${customer}/${service}, and nothing says what became of it`,
      );
  }
}

/** Invariant 10 at the end: every decision that ever stood can be told from history, with the rule that won. */
export function checkHistory(scene: Scene, deadLetters: ReadonlySet<string>): void {
  const { truth } = scene;
  for (const [id, { customer, service, decision }] of truth.decisions) {
    const where = `decision ${id} of ${customer}/${service} (${decision.kind} ${decision.code})`;
    // What belonged to a customer who left is gone, as it should be.
    if (latest(truth.configs.get(`${customer}/${service}`)) === undefined || deadLetters.has(id)) continue;
    const entry = truth.history.get(id);
    if (entry === undefined) scene.fail('10 explained', `${where} is nowhere in history`);
    else if (!entry.codes.includes(decision.code))
      scene.fail('10 explained', `${where} has no rule of its code in its trail: ${entry.codes.join(', ') || 'an empty one'}`);
  }
}
