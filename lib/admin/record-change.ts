import type { Clock } from '../clock.ts';
import { decisionId } from '../evaluate/decision-id.ts';
import type { Random } from '../random.ts';
import type { ChangeStore } from '../stores/ports.ts';
import type { Change, Json } from '../stores/records.ts';
import type { Caller } from './caller.ts';

export interface RecordDeps {
  readonly changes: Pick<ChangeStore, 'put' | 'remove'>;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly random: Random;
}

export type ChangeDraft = Omit<Change, 'id' | 'at' | 'who'>;

/**
 * Makes changes, and records them first: a record without its change can be (when the function dies in between), a change
 * without its record cannot. What comes to nothing leaves no record.
 * @param happened whether what came back tells of a change.
 */
export async function recorded<T>(
  deps: RecordDeps,
  drafts: readonly ChangeDraft[],
  act: () => Promise<T>,
  happened: (result: T) => boolean = () => true,
): Promise<T> {
  const at = deps.clock.now();
  const changes = drafts.map((draft): Change => ({ ...draft, id: decisionId(at, deps.random), at, who: deps.caller.who }));
  await deps.changes.put(changes);
  try {
    const result = await act();
    if (!happened(result)) await deps.changes.remove(changes);
    return result;
  } catch (error) {
    await deps.changes.remove(changes).catch(() => undefined);
    throw error;
  }
}

/** A value as it is kept in a record of a change: what JSON leaves out is left out. */
export function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value ?? null));
  return json;
}

/** Whether two values are the same once written, whatever the order of keys. */
export const sameJson = (a: unknown, b: unknown): boolean => canonical(asJson(a)) === canonical(asJson(b));

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((each: Json) => canonical(each)).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}
