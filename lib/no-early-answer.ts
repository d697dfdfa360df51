/**
 * Options of middy for every function: one that runs out of time is ended by Lambda, and its environment with it. Answered some
 * milliseconds before that, as middy does by itself, the environment would live, and what was under way would go on in the midst of
 * the next invocation, which may be another customer's.
 */
export const noEarlyAnswer = { timeoutEarlyInMillis: 0 } as const;
