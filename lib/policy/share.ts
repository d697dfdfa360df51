const pattern = /^(\d{1,6}(?:\.\d{1,4})?)%$/;

/** "70%" → 0.7. The decimal point is moved in the text, so that no rounding error gets in. */
export function parseShare(text: string): number | undefined {
  const match = pattern.exec(text);
  return match ? Number(`${match[1]}e-2`) : undefined;
}

/** 0.7 → "70%". */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}
