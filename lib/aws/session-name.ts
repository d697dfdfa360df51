import { createHash } from 'node:crypto';

/** STS takes 2 to 64 characters of [\w+=,.@-]. */
const LONGEST = 64;
const DEPLOYMENT = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/;
const HASH_DIGITS = 8;

export type SessionPurpose =
  | 'read' // describe services
  | 'scale' // one decision; its id follows
  | 'prove' // the proof of trust; the account's id follows
  | 'discover' // list services; the account's id follows
  | 'collect' // depths of queues and metrics
  // In our own account, under which we are known there:
  | 'serve' // a container
  | 'function' // a function whose profile names a role
  | 'doctor';

/**
 * The name under which a session stands in the customer's CloudTrail:
 * `sluice.<deployment>.<purpose>`, then `.<decision id or account id>`, at most 64 characters.
 * A subject that would be too long is cut and ends in a hash of the whole, so that two stay two.
 */
export function sessionName(deployment: string, purpose: SessionPurpose, subject?: string): string {
  if (!DEPLOYMENT.test(deployment)) {
    throw new Error(`a deployment's name has 1 to 32 letters, digits and hyphens, no hyphen first; got ${JSON.stringify(deployment)}`);
  }
  const head = `sluice.${deployment}.${purpose}`;
  if (subject === undefined) return head;
  const safe = subject.replace(/[^A-Za-z0-9_+=,@-]/g, '-');
  const room = LONGEST - head.length - 1;
  if (safe === subject && safe.length <= room) return `${head}.${safe}`;
  const hash = createHash('sha256').update(subject).digest('hex').slice(0, HASH_DIGITS);
  return `${head}.${safe.slice(0, room - HASH_DIGITS - 1)}-${hash}`;
}
