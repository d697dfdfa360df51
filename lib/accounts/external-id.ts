import type { Random } from '../random.ts';

const RANDOM_BYTES = 16;
const FORM = /^sluice-[0-9a-f]{32}$/;

/**
 * A new external ID: `sluice-` and 32 lower-case hexadecimal digits, that is 128 random bits.
 * Only Sluice makes them, before anybody names a role, so that nobody can have it use a role under
 * an ID of their choice. The form is also what the customer's template accepts.
 */
export function makeExternalId(random: Random): string {
  const bytes = random.bytes(RANDOM_BYTES);
  if (bytes.length !== RANDOM_BYTES) throw new Error(`an external ID needs ${RANDOM_BYTES} random bytes, got ${bytes.length}`);
  return `sluice-${Buffer.from(bytes).toString('hex')}`;
}

export const isExternalId = (text: string): boolean => FORM.test(text);
