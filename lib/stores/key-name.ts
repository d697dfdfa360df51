import * as z from 'zod/mini';

const KEY_NAME = /^[^#~][^#]*$/;

/** Whether keys.ts would take it for a part of a key. What was read is asked before it is used, so that it fails as what it is. */
export const isKeyName = (text: string): boolean => KEY_NAME.test(text);

/** A part of a key in an event. */
export const keyName = z.string().check(z.maxLength(255), z.regex(KEY_NAME));
