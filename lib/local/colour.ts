/** Text in colour, or as it is where colour is not wanted. */
export interface Colour {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
  cyan(text: string): string;
}

/** SGR codes (ECMA-48): on and off. */
const paint = (enabled: boolean, on: number, off: number) => (text: string) => (enabled ? `\u001b[${on}m${text}\u001b[${off}m` : text);

/** Colour only on a terminal, and never where NO_COLOR is set (https://no-color.org) or the terminal is dumb. */
export function colourFor(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Colour {
  const enabled = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    bold: paint(enabled, 1, 22),
    dim: paint(enabled, 2, 22),
    green: paint(enabled, 32, 39),
    yellow: paint(enabled, 33, 39),
    red: paint(enabled, 31, 39),
    cyan: paint(enabled, 36, 39),
  };
}
