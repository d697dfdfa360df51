/** Rounds a number of tasks up, but not for what is only an error of floating-point arithmetic: 3.0000000000000004 is 3. */
export const wholeTasks = (count: number): number => Math.ceil(Math.round(count * 1e6) / 1e6);
