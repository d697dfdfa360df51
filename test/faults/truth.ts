import type { Override, ServiceConfig } from '../../lib/policy/policy.ts';
import { parseStoredServiceConfig } from '../../lib/policy/store-policy.ts';
import { parseControl } from '../../lib/stores/control-item.ts';
import type { TableChange } from '../../lib/stores/memory-table.ts';
import { parseOverrides } from '../../lib/stores/override-fields.ts';
import { readFields } from '../../lib/stores/read-fields.ts';
import type { Control, StoredDecision } from '../../lib/stores/records.ts';
import type { Item } from '../../lib/stores/table.ts';

/** What held from an instant on. */
export interface Version<T> {
  readonly from: number;
  readonly value: T;
}

export interface KnownPause {
  readonly in: boolean;
  readonly out: boolean;
  readonly until: number;
}

export interface KnownDecision {
  readonly customer: string;
  readonly group: string;
  readonly service: string;
  readonly decision: StoredDecision;
  /** When it was stored, by the true time. */
  readonly storedAt: number;
}

/** What the table truly held, when: kept beside the system, from every write in the order in which it was committed. */
export class Truth {
  /** By "customer/service"; undefined: not under care. */
  readonly configs = new Map<string, Version<ServiceConfig | undefined>[]>();
  /** By the pause's key. */
  readonly pauses = new Map<string, Version<KnownPause | undefined>[]>();
  /** By "customer/service". */
  readonly controls = new Map<string, Version<Control | undefined>[]>();
  readonly decisions = new Map<string, KnownDecision>();
  /** Customers' accounts, by "customer/account". */
  readonly accounts = new Map<string, Version<{ readonly externalId: string } | undefined>[]>();
  /** Decisions that history holds, by id, with the trail that it shows. */
  readonly history = new Map<string, { readonly codes: readonly string[]; readonly outcome: string | undefined }>();

  take(change: TableChange, now: number): void {
    const item = change.new ?? change.old;
    if (item === undefined) return;
    const { pk, sk } = item;
    const [customer = '', kind] = pk.split('#');
    if (sk === 'pause' || sk.startsWith('pause#')) append(this.pauses, `${pk} ${sk}`, now, change.new && pauseOf(change.new));
    else if (kind === 'g' && sk.startsWith('config#'))
      append(this.configs, `${customer}/${sk.slice(7)}`, now, change.new && configOf(change.new));
    else if (kind === 'g' && sk.startsWith('control#')) this.#control(change, now, customer, sk.slice(8));
    else if (kind === 'a') {
      append(this.accounts, `${customer}/${sk}`, now, change.new && { externalId: String(change.new['externalId']) });
    } else if (kind === 'h' && change.new) {
      const outcome = change.new['lo'] as { readonly o?: string } | undefined;
      const codes = (change.new['tr'] as readonly (readonly string[])[]).map(([, code = '']) => code);
      this.history.set(sk.slice(sk.indexOf('#') + 1), { codes, outcome: outcome?.o });
    }
  }

  #control(change: TableChange, now: number, customer: string, service: string): void {
    const control = change.new && parseControl(change.new);
    append(this.controls, `${customer}/${service}`, now, control);
    const decision = control?.decision;
    if (control === undefined || decision === undefined || this.decisions.has(decision.id)) return;
    this.decisions.set(decision.id, { customer, group: control.group, service, decision, storedAt: now });
  }
}

function append<T>(all: Map<string, Version<T>[]>, key: string, from: number, value: T): void {
  const list = all.get(key);
  if (list) list.push({ from, value });
  else all.set(key, [{ from, value }]);
}

/** Every version that held at some moment between the two. */
export function heldBetween<T>(versions: readonly Version<T>[] | undefined, from: number, to: number): T[] {
  if (versions === undefined) return [];
  const found: T[] = [];
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i];
    if (version === undefined || version.from > to) continue;
    found.push(version.value);
    if (version.from <= from) break;
  }
  return found;
}

export const latest = <T>(versions: readonly Version<T>[] | undefined): T | undefined => versions?.at(-1)?.value;

function configOf(item: Item): ServiceConfig | undefined {
  const parsed = parseStoredServiceConfig(item['policy']);
  if (!parsed.ok) return undefined;
  const overrides: Override[] = item['ov'] === undefined ? [] : parseOverrides(readFields(item));
  return { ...parsed.config, overrides };
}

const pauseOf = (item: Item): KnownPause => ({
  in: item['in'] === true,
  out: item['out'] === true,
  until: typeof item['until'] === 'number' ? item['until'] : Number.POSITIVE_INFINITY,
});
