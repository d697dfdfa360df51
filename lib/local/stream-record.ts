import type { DynamoDBRecord } from 'aws-lambda';
import { toEventImage } from '../stores/attribute-value.ts';
import type { TableChange } from '../stores/memory-table.ts';
import type { Item } from '../stores/table.ts';

const nameOf = (change: TableChange) => (change.old === undefined ? 'INSERT' : change.new === undefined ? 'REMOVE' : 'MODIFY');

/**
 * The record that the table's stream would hold of one change, with both images.
 * @param sequence ascending over all records of a run.
 */
export function streamRecord(change: TableChange, sequence: number, at: number): DynamoDBRecord | undefined {
  const item: Item | undefined = change.new ?? change.old;
  if (item === undefined) return undefined;
  return {
    eventID: String(sequence),
    eventName: nameOf(change),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/sluice-local/stream/local',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1_000),
      Keys: { pk: { S: item.pk }, sk: { S: item.sk } },
      ...(change.new === undefined ? {} : { NewImage: toEventImage(change.new) }),
      ...(change.old === undefined ? {} : { OldImage: toEventImage(change.old) }),
      SequenceNumber: String(sequence),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}
