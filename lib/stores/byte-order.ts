/**
 * Order of two strings by their UTF-8 bytes, which is how DynamoDB sorts string keys. JavaScript's own
 * order differs where surrogate pairs meet U+E000…U+FFFF.
 */
export const compareBytes = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
};

/** Code points above U+FFFF have the longest UTF-8 form and sort last; in UTF-16 they begin with D800…DFFF. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
