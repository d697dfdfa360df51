import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../policy/duration.ts';

/** A TCP port for an option; 0 takes any. */
export function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535; 0 takes any that is free.');
  return port;
}

/** A length of time for an option, in ms. */
export function durationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('A length of time is a number with its unit: 30s, 10m, 2h.');
  return ms;
}

/** A number of rows for an option. */
export function countOption(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1_000) throw new InvalidArgumentError('A number from 1 to 1000 is needed.');
  return count;
}

/** Gathers an option that may be given several times. */
export const several = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];
