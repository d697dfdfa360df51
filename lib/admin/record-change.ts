import type { Clock } from '../clock.ts';
import { decisionId } from '../evaluate/decision-id.ts';
import type { Random } from '../random.ts';
import type { ChangeStore } from '../stores/ports.ts';
import type { Change, Json } from '../stores/records.ts';
import { BadRequest } from './bad-request.ts';
import type { Caller } from './caller.ts';

export interface RecordDeps {
  readonly changes: Pick<ChangeStore, 'put' | 'remove'>;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly random: Random;
}

export type ChangeDraft = Omit<Change, 'id' | 'at' | 'who'>;

/** Nothing of a change was done, or all of it was taken back: it leaves no record. */
export class NothingDone extends Error {
  override readonly name = 'NothingDone';
}

/** What stands in the record of a change that broke off: who looks at it has to look at the thing itself, too. */
const BROKE_OFF = 'It broke off: it may have been done in part or not at all.';

/**
 * Makes changes, and records them first: a record without its change can be (when the function dies in between), a change
 * without its record cannot. What was refused, came to nothing or was taken back leaves no record; what broke off keeps its
 * own and says so, since what was written before the error stays.
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
  // A record too many is better than a change that is said to have failed because its record could not be taken away.
  const unrecord = () => deps.changes.remove(changes).catch(() => undefined);
  let result: T;
  try {
    result = await act();
  } catch (error) {
    if (error instanceof NothingDone || error instanceof BadRequest) await unrecord();
    else await deps.changes.put(changes.map((change) => ({ ...change, summary: `${change.summary} ${BROKE_OFF}` }))).catch(() => undefined);
    throw error;
  }
  if (!happened(result)) await unrecord();
  return result;
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
