/** What one evaluation leaves for the next; returned, never mutated. Opaque outside of lib/decide. */
export interface Memory {
  readonly schema: 1;
}
