import type { Terminal } from './terminal.ts';

/** Whether to go on: asked where somebody sits before the terminal, else taken for granted, as scripts need it. */
export async function confirmed(
  terminal: Terminal,
  question: string,
  options: { readonly yes?: boolean; readonly json?: boolean },
): Promise<boolean> {
  if (options.yes === true || options.json === true || terminal.ask === undefined) return true;
  return /^y(es)?$/i.test((await terminal.ask(`${question} [y/N] `)).trim());
}

/** As `confirmed`, for what cannot be undone: without somebody to ask, `--yes` has to say it. */
export async function confirmedAsFinal(terminal: Terminal, question: string, options: { readonly yes?: boolean }): Promise<boolean> {
  if (options.yes === true) return true;
  if (terminal.ask === undefined) return false;
  return /^y(es)?$/i.test((await terminal.ask(`${question} [y/N] `)).trim());
}
