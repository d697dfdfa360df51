/** `{ key: value }`, or nothing where the value is absent or the normal one. */
export function unless<Key extends string, Value>(key: Key, value: Value | undefined, normal?: Value): { readonly [K in Key]?: Value } {
  if (value === undefined || value === normal) return {};
  const entry: { [K in Key]?: Value } = {};
  entry[key] = value;
  return entry;
}
