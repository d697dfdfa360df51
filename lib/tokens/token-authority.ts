import { timingSafeEqual } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import type { Random } from '../random.ts';
import type { TokenStore } from '../stores/ports.ts';
import type { TokenRecord } from '../stores/records.ts';
import { hashSecret, makeToken, readToken } from './token.ts';

/**
 * A token that was good is trusted this long without a read; a revoked one lives on for as long. Shorter, and the reads
 * of a group's many tokens would show in what a report costs.
 */
export const TOKEN_TRUST_MS = 120_000;
const MOST_TOKENS = 20_000;
const MAC_KEY_BYTES = 32;
const SECRET_BYTES = 16;
const KEY_ID_BYTES = 4;

export interface TokenHolder {
  readonly customer: string;
  readonly service: string;
  readonly group: string;
}

/** Makes report tokens and tells whose a token is. */
export interface TokenAuthority {
  /** A guessed token is told by its MAC and costs no read; one whose secret does not match its stored hash is refused. */
  check(token: string): Promise<TokenHolder | undefined>;
  /** A new token of a service, shown this once: only its hash is stored. */
  issue(holder: TokenHolder): Promise<string>;
}

export function createTokenAuthority(store: TokenStore, clock: Clock, random: Random): TokenAuthority {
  let macKey: Promise<Uint8Array> | undefined;
  const trusted = new Map<string, { readonly holder: TokenHolder; readonly until: Instant }>();
  const key = () => {
    macKey ??= store
      .macKey(() => random.bytes(MAC_KEY_BYTES))
      .catch((error: unknown) => {
        macKey = undefined;
        throw error;
      });
    return macKey;
  };
  const matches = (record: TokenRecord | undefined, secret: Uint8Array): record is TokenRecord => {
    const given = Buffer.from(hashSecret(secret), 'hex');
    const stored = Buffer.from(record?.secretHash ?? '', 'hex');
    return given.length === stored.length && timingSafeEqual(given, stored);
  };
  return {
    async check(token) {
      const now = clock.now();
      // Looked up by its hash, so that neither the memory of this function nor its timing holds the secret.
      const known = hashSecret(Buffer.from(token));
      const before = trusted.get(known);
      if (before && now < before.until) return before.holder;
      trusted.delete(known);
      const read = readToken(token, await key());
      if (!read) return undefined;
      const record = await store.get(read.customer, read.service, read.keyId);
      if (!matches(record, read.secret)) return undefined;
      const holder = { customer: record.customer, service: record.service, group: record.group };
      if (trusted.size >= MOST_TOKENS) trusted.clear();
      trusted.set(known, { holder, until: now + TOKEN_TRUST_MS });
      return holder;
    },
    async issue(holder) {
      const secret = random.bytes(SECRET_BYTES);
      const keyId = Buffer.from(random.bytes(KEY_ID_BYTES)).toString('hex');
      const { customer, service } = holder;
      await store.put({ ...holder, keyId, secretHash: hashSecret(secret), createdAt: clock.now() });
      return makeToken({ customer, service, keyId, secret, macKey: await key() });
    },
  };
}
