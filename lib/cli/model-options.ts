import type { Command } from 'commander';
import { formatDuration, parseDuration } from '../policy/duration.ts';
import { FAULTS, parseFaults } from '../simulate/faults.ts';
import { MODEL_DEFAULTS, type SettingOptions } from '../simulate/setting.ts';

/** The model options as they were typed. */
export interface RawModelOptions {
  readonly scale?: string;
  readonly serviceTime?: string;
  readonly serviceTimeCv?: string;
  readonly serviceTimeScale?: string;
  readonly concurrency?: string;
  readonly startup?: string;
  readonly slo?: string;
  readonly min?: string;
  readonly max?: string;
  readonly faults?: string;
}

const MAX_TASKS = 5_000;

/** Adds the options of the simulated service, for `simulate` and `compare` alike. */
export const withModelOptions = (command: Command): Command =>
  command
    .option(
      '--scale <auto|factor>',
      "multiplies the trace's load (of jobs, their service times); auto: to a mean demand of ten tasks (default: auto)",
    )
    .option('--service-time <duration>', `mean service time of a request (default: ${formatDuration(MODEL_DEFAULTS.serviceMs)})`)
    .option(
      '--service-time-cv <number>',
      `coefficient of variation of service times, 1 is exponential (default: ${MODEL_DEFAULTS.serviceCv})`,
    )
    .option(
      '--service-time-scale <factor>',
      'of jobs: multiplies the service times of the file; without --scale nothing else is scaled then',
    )
    .option('--concurrency <number>', 'requests that a task serves at once (default: 8, for jobs 1)')
    .option(
      '--startup <duration>',
      `median start-up time of a task, p95 is twice that (default: ${formatDuration(MODEL_DEFAULTS.startUpMs)})`,
    )
    .option('--slo <duration>', 'queue time that is not to be exceeded (default: 200ms, for jobs 30s)')
    .option('--min <tasks>', `least number of tasks (default: ${MODEL_DEFAULTS.min})`)
    .option('--max <tasks>', `largest number of tasks (default: ${MODEL_DEFAULTS.max})`)
    .option('--faults <list>', `what goes wrong and when, kind@start[+length] with commas; kinds: ${Object.keys(FAULTS).join(', ')}`);

/** What the faults do, for the help. */
export const FAULTS_HELP = `
Faults (--faults metric-outage@2h+10m,reset@5h), by the time since the start of the trace:
${Object.entries(FAULTS)
  .map(([kind, { lasts, what }]) => `  ${kind.padEnd(16)} ${what}${lasts > 0 ? ` (unless said, ${formatDuration(lasts * 1_000)})` : ''}`)
  .join('\n')}`;

/**
 * Reads the options: what was given, and all that is wrong at once. What was not given is left to the trace and the policy.
 * @param usual the numbers of tasks where the options say nothing: those of the policy that runs, if one does.
 */
export function readModelOptions(
  raw: RawModelOptions,
  usual: { readonly min: number; readonly max: number } = MODEL_DEFAULTS,
): { readonly model: SettingOptions; readonly problems: string[] } {
  const problems: string[] = [];
  const number = (flag: string, text: string | undefined, rule: string, fits: (value: number) => boolean): number | undefined => {
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && fits(value)) return value;
    problems.push(`${flag}: has to be ${rule}, not "${text}"`);
    return undefined;
  };
  const time = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const ms = parseDuration(text);
    if (ms !== undefined && ms > 0) return ms;
    problems.push(`${flag}: has to be a length of time over 0 with its unit (200ms, 30s, 10m), not "${text}"`);
    return undefined;
  };
  const tasks = (flag: string, text: string | undefined, least: number) =>
    number(flag, text, `a whole number from ${least} to ${MAX_TASKS}`, (n) => Number.isInteger(n) && n >= least && n <= MAX_TASKS);
  const factor = (flag: string, text: string | undefined) => number(flag, text, 'a number over 0', (n) => n > 0 && n <= 1e9);

  const scale = raw.scale === undefined || raw.scale === 'auto' ? 'auto' : (factor('--scale', raw.scale) ?? 'auto');
  const serviceTimeScale = factor('--service-time-scale', raw.serviceTimeScale);
  const concurrency = tasks('--concurrency', raw.concurrency, 1);
  const sloMs = time('--slo', raw.slo);
  const min = tasks('--min', raw.min, 0);
  const max = tasks('--max', raw.max, 1);
  const { faults, problems: wrongFaults } = parseFaults(raw.faults ?? '', parseDuration);
  problems.push(...wrongFaults);
  const cv = number('--service-time-cv', raw.serviceTimeCv, 'a number from 0 to 10', (n) => n >= 0 && n <= 10);
  const model: SettingOptions = {
    scale,
    serviceMs: time('--service-time', raw.serviceTime) ?? MODEL_DEFAULTS.serviceMs,
    serviceCv: cv ?? MODEL_DEFAULTS.serviceCv,
    startUpMs: time('--startup', raw.startup) ?? MODEL_DEFAULTS.startUpMs,
    faults,
    ...(serviceTimeScale === undefined ? {} : { serviceTimeScale }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(sloMs === undefined ? {} : { sloMs }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
  if (min !== undefined && max !== undefined && min > max) problems.push(`--min ${min} is over --max ${max}`);
  else if (min !== undefined && max === undefined && min > usual.max && raw.max === undefined)
    problems.push(`--min ${min} is over the largest number of tasks, which is ${usual.max} unless --max says otherwise`);
  else if (max !== undefined && max < usual.min && raw.min === undefined)
    problems.push(`--max ${max} is under the least number of tasks, which is ${usual.min} unless --min says otherwise`);
  return { model, problems };
}

/** A seed of the simulation. */
export function readSeed(text: string | undefined): { readonly seed: number; readonly problems: string[] } {
  const seed = text === undefined ? 1 : Number(text);
  if (text === undefined || (/^\d{1,15}$/.test(text) && Number.isSafeInteger(seed))) return { seed, problems: [] };
  return { seed: 1, problems: [`--seed: has to be a whole number from 0, not "${text}"`] };
}
