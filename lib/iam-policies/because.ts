/** One reason for several actions. */
export const because = (why: string, service: string, names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [`${service}:${name}`, why]));
