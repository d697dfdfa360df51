/** As long as a name of ECS may be; with several of them in it a key stays under what DynamoDB takes. */
const MOST_LENGTH = 255;

/** Whether keys.ts would take it for a part of a key. What was read is asked before it is used, so that it fails as what it is. */
export const isKeyName = (text: string): boolean => text.length <= MOST_LENGTH && /^[^#~][^#]*$/.test(text);
