import type { Instant } from '../clock.ts';
import type { Random } from '../random.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A decision's id: 10 characters of time and 8 of chance (40 bits), in Crockford's base 32, so that ids
 * sort by time and fit a session name beside the deployment's (64 characters at most).
 */
export function decisionId(at: Instant, random: Random): string {
  let time = '';
  for (let rest = at, i = 0; i < 10; i++) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let chance = '';
  for (const byte of random.bytes(8)) chance += alphabet.charAt(byte % 32);
  return time + chance;
}
