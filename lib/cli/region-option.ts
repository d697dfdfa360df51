import { InvalidArgumentError } from 'commander';

const REGION = /^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$/;

/** A Region for an option. */
export function regionOption(text: string): string {
  if (!REGION.test(text)) throw new InvalidArgumentError('A Region is one like us-east-1.');
  return text;
}
