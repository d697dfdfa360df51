import type * as z from 'zod/mini';

/**
 * A schema's own `safeParse`, which says of any value whether it fits. By itself it throws for an object in place of text or a list whose
 * `length` is no primitive, such as `{"length": {"toString": false}}`: checks of length compare it before they look what it is of.
 * Such a value fits no schema, like null.
 * @param schema one that null does not fit.
 */
export function safeParse<T>(schema: z.ZodMiniType<T>, value: unknown): z.core.util.SafeParseResult<T> {
  try {
    return schema.safeParse(value);
  } catch {
    return schema.safeParse(null);
  }
}
