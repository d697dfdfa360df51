/** One evaluation of a group in this time, however many report to it. */
export const LEASE_MS = 3_000;
/** A group in which nothing breaches is looked at this often as long as it reports. */
export const CALM_MS = 15_000;
