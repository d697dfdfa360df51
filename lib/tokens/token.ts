import { createHmac, hash, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sl1';
const MAX_LENGTH = 256;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const KEY_ID = /^[a-z0-9]{1,16}$/;
/** base64url of 16 to 48 bytes. */
const SECRET = /^[A-Za-z0-9_-]{22,64}$/;
/** 128 bits: 22 characters of base64url. */
const MAC_LENGTH = 22;

export interface TokenContent {
  readonly customer: string;
  readonly service: string;
  /** Tells two live tokens of a service apart while one is rotated. */
  readonly keyId: string;
  /** 16 to 48 random bytes. */
  readonly secret: Uint8Array;
}

/**
 * Makes a report token: one path segment, `sl1.<customer>.<service>.<key id>.<secret>.<MAC>`.
 *
 * The MAC (HMAC-SHA256 over all before it, cut to 128 bits) lets a guessed or garbled token be turned away
 * without reading anything. The secret is what the stored hash is compared with, so that a token can be
 * revoked, and so that even who knows the key of the MAC cannot make one that is taken.
 *
 * Whoever reads a token learns the names of customer and service and the key id, and can send reports for
 * that service. They learn neither the key of the MAC nor any other token, and get nothing of AWS: a token
 * allows no call but the report.
 * @throws RangeError for a name, key id or secret of the wrong form.
 */
export function makeToken({ customer, service, keyId, secret, macKey }: TokenContent & { readonly macKey: Uint8Array }): string {
  const parts = { customer, service, keyId, secret: Buffer.from(secret).toString('base64url') };
  const wrong = wrongPart(parts);
  // The value is not shown: it may be the secret.
  if (wrong) throw new RangeError(`The ${wrong.part} of a report token must have the form ${wrong.form.source}.`);
  const text = [PREFIX, parts.customer, parts.service, parts.keyId, parts.secret].join('.');
  return `${text}.${macOf(text, macKey)}`;
}

/**
 * Reads a token and checks its MAC, in a time that does not tell how much of a guess was right. Undefined for
 * anything that `makeToken` did not make with this key. The secret still has to be compared with what is stored.
 */
export function readToken(text: string, macKey: Uint8Array): TokenContent | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const parts = text.split('.');
  const [prefix, customer = '', service = '', keyId = '', secret = '', mac = ''] = parts;
  if (parts.length !== 6 || prefix !== PREFIX || wrongPart({ customer, service, keyId, secret })) return undefined;
  const expected = macOf(text.slice(0, -mac.length - 1), macKey);
  return sameText(mac, expected) ? { customer, service, keyId, secret: Buffer.from(secret, 'base64url') } : undefined;
}

/** What is stored of a secret: SHA-256 in hex. Nothing slower is needed, for nobody guesses 128 random bits. */
export const hashSecret = (secret: Uint8Array): string => hash('sha256', secret, 'hex');

const FORMS = { customer: NAME, service: NAME, keyId: KEY_ID, secret: SECRET } as const;

function wrongPart(parts: { readonly [part in keyof typeof FORMS]: string }) {
  const part = (['customer', 'service', 'keyId', 'secret'] as const).find((name) => !FORMS[name].test(parts[name]));
  return part && { part, form: FORMS[part] };
}

const macOf = (text: string, key: Uint8Array) => createHmac('sha256', key).update(text).digest('base64url').slice(0, MAC_LENGTH);

/** Texts are compared, not the bytes they stand for: base64url has several spellings of the same bytes. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
