import { keys } from './keys.ts';
import type { TokenStore } from './ports.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { TokenRecord } from './records.ts';
import type { Item, Table } from './table.ts';
import type { ListOptions } from './unreadable-item.ts';
import { readable } from './unreadable-item.ts';

/** A MAC key shorter than this was not made by us. */
const leastKeyBytes = 16;

/** Report tokens, hashed, and the key of the MAC that they carry. */
export const createTokenStore = (table: Table, options: ListOptions = {}): TokenStore => ({
  async get(customer, service, keyId) {
    // Consistently: a token that was just made is used at once, and one that was revoked must not work any more.
    const item = await table.get(keys.token(customer, service, keyId), { consistent: true });
    return item && parseToken(item);
  },

  async ofService(customer, service) {
    const { pk } = keys.token(customer, service, '');
    return readable(await table.query({ pk, from: `${service}#`, to: `${service}$`, consistent: true }), parseToken, options);
  },

  async put(token) {
    await table.put({
      ...keys.token(token.customer, token.service, token.keyId),
      schema: itemSchema,
      g: token.group,
      h: token.secretHash,
      a: token.createdAt,
    });
  },

  async remove(customer, service, keyId) {
    await table.delete(keys.token(customer, service, keyId));
  },

  async macKey(make) {
    const there = await table.get(keys.tokenKey(), { consistent: true });
    if (there) return parseMacKey(there);
    const made = make();
    if (made.byteLength < leastKeyBytes)
      throw new RangeError(`a MAC key needs at least ${leastKeyBytes} bytes and was given ${made.byteLength}`);
    // Of two functions that start at once, one key stands and both use it.
    const result = await table.put({ ...keys.tokenKey(), schema: itemSchema, k: made }, { kind: 'absent' });
    if (result === 'written') return made;
    const winner = await table.get(keys.tokenKey(), { consistent: true });
    if (!winner) throw new Error('the token key was there a moment ago and is gone: it must never be deleted');
    return parseMacKey(winner);
  },
});

const parseToken = (item: Item): TokenRecord => {
  const fields = readFields(item);
  const [, customer] = /^([^#]+)#t$/.exec(item.pk) ?? [];
  const [, service, keyId] = /^([^#]+)#([^#]+)$/.exec(item.sk) ?? [];
  if (customer === undefined || service === undefined || keyId === undefined) return fields.fail('sk', 'is not service and key id');
  return { customer, service, group: fields.text('g'), keyId, secretHash: fields.text('h'), createdAt: fields.number('a') };
};

const parseMacKey = (item: Item): Uint8Array => {
  const fields = readFields(item);
  const key = fields.bytes('k');
  return key.byteLength < leastKeyBytes ? fields.fail('k', `has ${key.byteLength} bytes, fewer than ${leastKeyBytes}`) : key;
};
