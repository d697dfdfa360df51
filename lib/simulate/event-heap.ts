/** Events in the order of their times, those of one time in the order in which they came: a binary heap. */
export class EventHeap<Event> {
  readonly #entries: { readonly at: number; readonly order: number; readonly event: Event }[] = [];
  #order = 0;

  /** Time of the next event; infinite for none. */
  get nextAt(): number {
    return this.#entries[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  push(at: number, event: Event): void {
    const entries = this.#entries;
    const entry = { at, order: this.#order++, event };
    let i = entries.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = entries[parent] as typeof entry;
      if (!before(entry, above)) break;
      entries[i] = above;
      i = parent;
    }
    entries[i] = entry;
  }

  pop(): Event | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first?.event;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= entries.length) break;
      const right = left + 1;
      const child = right < entries.length && before(entries[right] as typeof last, entries[left] as typeof last) ? right : left;
      const below = entries[child] as typeof last;
      if (!before(below, last)) break;
      entries[i] = below;
      i = child;
    }
    entries[i] = last;
    return first.event;
  }
}

interface Timed {
  readonly at: number;
  readonly order: number;
}
const before = (a: Timed, b: Timed) => a.at < b.at || (a.at === b.at && a.order < b.order);
