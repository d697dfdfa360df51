/**
 * What a request is made with, by condition key ("aws:PrincipalArn", "sts:ExternalId"). A list is a
 * key that can have several values (ecs:subnet); a key that the request does not have is absent.
 */
export type RequestContext = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Looks up the values of a condition key, whose letter case does not matter; undefined where there is none. */
export type Lookup = (key: string) => readonly string[] | undefined;

export function lookupIn(context: RequestContext): Lookup {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    if (value !== undefined) values.set(key.toLowerCase(), typeof value === 'object' ? value : [String(value)]);
  }
  return (key) => values.get(key.toLowerCase());
}
