import * as z from 'zod/mini';

const name = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, at most 63, beginning with a letter'));

/** Names as policy files have them; nothing else may become a part of a key. */
export const customerName = name;
export const serviceName = name;
