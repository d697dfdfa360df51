/** Requests that wait, by the second of their arrival: tells how old the head of the line is. First come, first served. */
export class Backlog {
  #seconds: { readonly arrived: number; left: number; readonly second: number }[] = [];
  #head = 0;

  push(second: number, arrived: number): void {
    if (arrived > 0) this.#seconds.push({ arrived, left: arrived, second });
  }

  /** Takes so many from the head. */
  pop(count: number): void {
    let left = count;
    while (this.#head < this.#seconds.length) {
      const head = this.#seconds[this.#head] as { left: number };
      if (head.left > left + 1e-9) {
        head.left -= left;
        break;
      }
      left -= head.left;
      this.#head++;
    }
    if (this.#head === this.#seconds.length) this.clear();
    else if (this.#head > 4_096) {
      this.#seconds = this.#seconds.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The line was empty in this second: all that wait now have come since. */
  renew(second: number, arrived: number, waiting: number): void {
    this.clear();
    if (waiting > 0) this.#seconds.push({ arrived: Math.max(arrived, waiting), left: waiting, second });
  }

  clear(): void {
    this.#seconds.length = 0;
    this.#head = 0;
  }

  /** Seconds since the head of the line arrived, had those of its second come evenly; 0 of an empty line. */
  ageOfHead(now: number): number {
    const head = this.#seconds[this.#head];
    return head === undefined ? 0 : Math.max(0, now - (head.second + 1 - head.left / head.arrived));
  }
}
