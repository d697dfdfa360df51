/** A value that passed every rule, or all the rules that it broke, each as a sentence. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

export const refuse = (problems: readonly string[]): { readonly ok: false; readonly problems: readonly string[] } => ({
  ok: false,
  problems,
});

const LONGEST_QUOTE = 80;

/** Foreign text for a sentence: in quotes, control characters escaped, cut. */
export const quote = (text: string): string => JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
