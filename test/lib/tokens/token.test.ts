import { describe, expect, it } from 'vitest';
import { hashSecret, makeToken, readToken } from '../../../lib/tokens/token.ts';
import fc from '../../builders/fast-check.ts';

const macKey = Buffer.alloc(32, 7);
const content = { customer: 'acme', service: 'web', keyId: 'a1b2c3d4', secret: Buffer.alloc(16, 0xfe) };
const token = makeToken({ ...content, macKey });

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/);
const contents = fc.record({
  customer: names,
  service: names,
  keyId: fc.stringMatching(/^[a-z0-9]{1,16}$/),
  secret: fc.uint8Array({ minLength: 16, maxLength: 48 }),
});

describe('a report token', () => {
  it('carries what it was made of', () => {
    fc.assert(
      fc.property(contents, (made) => {
        const text = makeToken({ ...made, macKey });
        const { secret, ...rest } = readToken(text, macKey) ?? { secret: new Uint8Array() };
        expect(rest).toEqual({ customer: made.customer, service: made.service, keyId: made.keyId });
        expect(Buffer.from(secret).equals(made.secret)).toBe(true);
        expect(text.length).toBeLessThanOrEqual(256);
      }),
    );
  });

  it('is one segment of a path that no client rewrites', () => {
    expect(token).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(new URL(`https://x.example/r/${token}/v3/reports`).pathname).toBe(`/r/${token}/v3/reports`);
  });

  it('is refused when any character is another', () => {
    for (let i = 0; i < token.length; i++) {
      for (const other of ['A', 'a', '0', '.', '-', '/']) {
        if (token[i] === other) continue;
        expect(readToken(token.slice(0, i) + other + token.slice(i + 1), macKey)).toBeUndefined();
      }
    }
  });

  it('is refused when it is cut, longer, or made with another key', () => {
    for (let end = 0; end < token.length; end++) expect(readToken(token.slice(0, end), macKey)).toBeUndefined();
    expect(readToken(`${token}A`, macKey)).toBeUndefined();
    expect(readToken(`${token}.`, macKey)).toBeUndefined();
    expect(readToken(token, Buffer.alloc(32, 8))).toBeUndefined();
    expect(readToken(token + 'x'.repeat(300), macKey)).toBeUndefined();
  });

  it('made of anything else is refused without an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `sl1.acme.web.k.${rest}`),
        ),
        (text) => void expect(readToken(text, macKey)).toBeUndefined(),
      ),
    );
  });

  it('cannot be moved to another service or customer', () => {
    expect(readToken(token.replace('.web.', '.api.'), macKey)).toBeUndefined();
    expect(readToken(token.replace('.acme.', '.evil.'), macKey)).toBeUndefined();
  });

  it.each([
    ['customer', { customer: 'Acme' }],
    ['customer', { customer: '' }],
    ['service', { service: 'a.b' }],
    ['service', { service: 'a'.repeat(64) }],
    ['keyId', { keyId: 'K' }],
    ['secret', { secret: Buffer.alloc(8, 1) }],
  ])('is not made of a %s of the wrong form, and the error does not show it', (part, wrong) => {
    expect(() => makeToken({ ...content, ...wrong, macKey })).toThrow(new RegExp(`^The ${part} of a report token must have the form`));
  });

  it('is stored as the SHA-256 of its secret', () => {
    expect(hashSecret(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
