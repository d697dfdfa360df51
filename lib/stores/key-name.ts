/** Whether keys.ts would take it for a part of a key. What was read is asked before it is used, so that it fails as what it is. */
export const isKeyName = (text: string): boolean => /^[^#~][^#]*$/.test(text);
