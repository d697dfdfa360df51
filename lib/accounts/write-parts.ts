/** A parameter of a CloudFormation stack holds 4,096 bytes; some room is left for spaces that people put in. */
const LONGEST_LIST = 4_000;

/**
 * Splits the services that may be scaled into lists that one write stack can hold each: at least one list, in the order of
 * the ARNs, so that the same services give the same lists. The policy that comes of a list stays under IAM's 6,144 characters.
 */
export function writeParts(serviceArns: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let room = LONGEST_LIST;
  for (const arn of [...new Set(serviceArns)].sort()) {
    const length = arn.length + 1;
    if (length > room) {
      parts.push([]);
      room = LONGEST_LIST;
    }
    parts.at(-1)?.push(arn);
    room -= length;
  }
  return parts;
}
