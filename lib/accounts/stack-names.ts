/**
 * Names of a customer's stacks: `sluice-NAME` for the role, `sluice-NAME-write` (then `-write-2` …) and `sluice-NAME-queues` for the
 * policies. The customer is in them because two can have services in one account.
 */
export const stackNames = {
  read: (customer: string): string => `sluice-${customer}`,
  /** @param part from 0. */
  write: (customer: string, part: number): string => `sluice-${customer}-write${part === 0 ? '' : `-${part + 1}`}`,
  queues: (customer: string): string => `sluice-${customer}-queues`,
};
