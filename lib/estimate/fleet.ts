/** Of a month, as AWS reckons. */
export const HOURS = 730;

export interface Fleet {
  readonly services: number;
  /** Of each service, and all of them report. */
  readonly tasks: number;
  readonly intervalSeconds: number;
  /** Share of the time in which every report is over its target. */
  readonly busy: number;
}

export interface Line {
  readonly name: string;
  /** In a month. */
  readonly usd: number;
  /** The counts behind it, in words. */
  readonly how: string;
}
