import * as z from 'zod/mini';
import { isKeyName } from './key-name.ts';

/** A part of a key in an event. Apart from key-name.ts, so that ingest does not carry it. */
export const keyName = z.string().check(z.refine(isKeyName));
