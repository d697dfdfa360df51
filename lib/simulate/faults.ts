/** What may go wrong in a simulation, and what it does. Lengths in seconds; 0 for what happens at one moment. */
export const FAULTS = {
  'metric-outage': { lasts: 600, what: 'nothing that is measured reaches a scaler' },
  throttle: { lasts: 600, what: 'every UpdateService is throttled: changes of the desired count fail' },
  'launch-failures': { lasts: 600, what: 'tasks that would become ready die instead, and ECS tries anew' },
  deployment: { lasts: 600, what: 'all tasks are replaced (maximum 200 %), and the service reports a deployment in progress' },
  reset: { lasts: 0, what: 'somebody else sets the desired count to 1' },
  'cold-restart': { lasts: 0, what: 'the scaler forgets what its process remembered' },
} as const satisfies Record<string, { lasts: number; what: string }>;

export type FaultKind = keyof typeof FAULTS;

export interface Fault {
  readonly kind: FaultKind;
  /** Seconds from the start of the trace. */
  readonly from: number;
  readonly to: number;
}

const isKind = (text: string): text is FaultKind => Object.hasOwn(FAULTS, text);

/**
 * Reads `kind@start` or `kind@start+length`, several with commas: `metric-outage@2h+10m,reset@5h`.
 * @param parseDuration ms of "10m", or undefined.
 */
export function parseFaults(
  text: string,
  parseDuration: (text: string) => number | undefined,
): { readonly faults: Fault[]; readonly problems: string[] } {
  const faults: Fault[] = [];
  const problems: string[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const [, kind = '', start = '', length] = /^([^@]*)@([^+]*)(?:\+(.*))?$/.exec(part) ?? [];
    if (!isKind(kind)) {
      problems.push(
        `--faults: "${part}": ${kind === '' ? 'write kind@start, such as metric-outage@2h+10m' : `there is no fault "${kind}"`}; faults are ${Object.keys(FAULTS).join(', ')}`,
      );
      continue;
    }
    const from = start === '0' ? 0 : parseDuration(start);
    const lasts = length === undefined ? FAULTS[kind].lasts * 1_000 : parseDuration(length);
    if (from === undefined)
      problems.push(`--faults: "${part}": the start is a length of time from the start of the trace (90s, 2h), not "${start}"`);
    else if (lasts === undefined) problems.push(`--faults: "${part}": its length is a length of time (10m), not "${length}"`);
    else if (FAULTS[kind].lasts === 0 && length !== undefined)
      problems.push(`--faults: "${part}": ${kind} happens at one moment and has no length`);
    else faults.push({ kind, from: from / 1_000, to: (from + lasts) / 1_000 });
  }
  return { faults, problems };
}

/** Whether a fault of the kind is on. */
export const isOn = (faults: readonly Fault[], kind: FaultKind, t: number): boolean =>
  faults.some((fault) => fault.kind === kind && t >= fault.from && t < fault.to);

/** Whether something that happens at one moment happens in the second that starts at t. */
export const begins = (faults: readonly Fault[], kind: FaultKind, t: number): boolean =>
  faults.some((fault) => fault.kind === kind && fault.from >= t && fault.from < t + 1);
