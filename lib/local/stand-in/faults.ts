/** What goes wrong, for the next calls that it fits. */
export interface Fault {
  /** "ecs:UpdateService", "ecs:*" or "*"; letter case does not matter. */
  readonly action: string;
  readonly fault: 'deny' | 'throttle' | 'delay' | 'late' | 'drop' | 'error';
  /** Calls that it still befalls. */
  readonly left: number;
  readonly delayMs: number;
  readonly account?: string;
  readonly region?: string;
  /** ARN of the service or role acted upon. */
  readonly resource?: string;
  /** For `error`: AWS's name for it and the HTTP status. */
  readonly code?: string;
  readonly status?: number;
}

/** What a call is, as far as faults tell calls apart. */
export interface FaultableCall {
  readonly action: string;
  readonly account: string | null;
  readonly region: string;
  readonly resources: readonly string[];
}

/** The faults that wait for their calls. The first that fits a call befalls it, and counts down. */
export interface Faults {
  add(faults: readonly Fault[]): void;
  take(call: FaultableCall): Fault | undefined;
  waiting(): readonly Fault[];
  clear(): void;
}

export function createFaults(): Faults {
  let waiting: Fault[] = [];
  return {
    add: (faults) => void waiting.push(...faults),
    take(call) {
      const taken = waiting.find((fault) => fits(fault, call));
      if (taken !== undefined)
        waiting = waiting.flatMap((one) => (one !== taken ? [one] : one.left > 1 ? [{ ...one, left: one.left - 1 }] : []));
      return taken;
    },
    waiting: () => waiting,
    clear() {
      waiting = [];
    },
  };
}

function fits(fault: Fault, call: FaultableCall): boolean {
  const [service] = call.action.split(':');
  const ofAction = fault.action === '*' || fault.action === `${service}:*` || fault.action.toLowerCase() === call.action.toLowerCase();
  return (
    ofAction &&
    (fault.account === undefined || fault.account === call.account) &&
    (fault.region === undefined || fault.region === call.region) &&
    (fault.resource === undefined || call.resources.includes(fault.resource))
  );
}
