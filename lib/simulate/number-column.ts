/** Numbers in memory of their own size, whatever their count. */
export class NumberColumn {
  #values = new Float64Array(1_024);
  length = 0;
  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }
  at(i: number): number {
    return this.#values[i] as number;
  }
  toArray(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}
