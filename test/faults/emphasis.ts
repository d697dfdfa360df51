import type { Rates } from './weather.ts';

/** What happens while decisions are under way. */
export type Disturbance = 'policy' | 'mode' | 'pause' | 'silence' | 'foreign-writer' | 'disconnect' | 'role';

/** A seed with more of something than chance would have in it: for faults that are rarely met. Without it all is left to chance. */
export interface Emphasis {
  /** Befalls half of the decisions; silence those alone that remove tasks, which nothing may be concluded from it for. */
  readonly whileDeciding?: Disturbance;
  /** Adapters send requests that are no good, beside queues that are. */
  readonly garbledRequests?: boolean;
  /** In place of what the seed draws. */
  readonly rates?: Partial<Rates>;
}
