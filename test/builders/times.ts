/** The moment at which every story begins: a Thursday. */
export const T0 = Date.UTC(2026, 9, 1, 8, 0, 0);

export const seconds = (n: number): number => n * 1_000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
