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

/** A number of tasks for an option. */
export function tasksOption(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > 5_000) throw new InvalidArgumentError('A number of tasks from 0 to 5000 is needed.');
  return count;
}

/** An instant for an option, in ms since the epoch: with its zone, so that it is the same everywhere. */
export function instantOption(text: string): number {
  const at = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(at))
    throw new InvalidArgumentError('A time is written with its zone: 2026-11-27T18:00:00Z or 2026-11-27T18:00+01:00.');
  return at;
}

/** The id of a change. */
export function changeOption(text: string): string {
  if (!/^[0-9a-z]{18}$/.test(text)) throw new InvalidArgumentError('The id of a change has 18 characters: sluice changes shows it.');
  return text;
}

/** Gathers an option that may be given several times. */
export const several = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];
