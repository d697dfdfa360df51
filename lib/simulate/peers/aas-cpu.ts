import { createAasScaler } from './aas-scaler.ts';
import { type Peer, parameter } from './peer.ts';
import { meanOver } from './samples.ts';
import { AAS_COOLDOWN_SECONDS, createTargetTracking, LAG_20_SECONDS, LAG_60_SECONDS } from './target-tracking.ts';

/** What a busy place costs in CPU: all of it where the load is bound by CPU, a tenth where it waits for databases and others. */
const IO_BOUND = 0.1;

/**
 * AWS target tracking on ECSServiceAverageCPUUtilization at 70 %, the value of AWS's examples. CPU is the busy share of the tasks
 * that run, or a tenth of it under I/O-bound load, where a CPU target is known to fail. Lags are calibrated to AWS's own
 * benchmark (`LAG_60_SECONDS`); the alarms' internals are unpublished.
 */
function aasCpu(id: string, about: string, timing: { periodSeconds: number; lagSeconds: number; everySeconds: number }, cpu: number): Peer {
  return {
    id,
    about,
    parameters: () => ({ target: 0.7, cooldownSeconds: AAS_COOLDOWN_SECONDS }),
    tunable: { target: [0.4, 1.3], cooldownSeconds: [0.1, 2] },
    make: (scenario, parameters) =>
      createAasScaler(id, timing.everySeconds, scenario, [
        createTargetTracking({
          periodSeconds: timing.periodSeconds,
          lagSeconds: timing.lagSeconds,
          target: parameter(parameters, 'target'),
          cooldownSeconds: parameter(parameters, 'cooldownSeconds'),
          of: (history, from, to) => meanOver(history, from, to, ({ busyShare, running }) => (running > 0 ? busyShare * cpu : undefined)),
        }),
      ]),
  };
}

// Looks at moments at which a point can be new: its period's end and the lag are multiples of them.
const MINUTE = { periodSeconds: 60, lagSeconds: LAG_60_SECONDS, everySeconds: 3 };
const HIGH_RESOLUTION = { periodSeconds: 20, lagSeconds: LAG_20_SECONDS, everySeconds: 2 };

export const aasCpu60 = aasCpu('aas-cpu-60', 'AWS target tracking, CPU 70 %, 60 s metrics', MINUTE, 1);
export const aasCpu20 = aasCpu('aas-cpu-20', 'AWS target tracking, CPU 70 %, 20 s metrics', HIGH_RESOLUTION, 1);
export const aasCpu60Io = aasCpu('aas-cpu-60-io', 'the same at 60 s, I/O-bound load', MINUTE, IO_BOUND);
export const aasCpu20Io = aasCpu('aas-cpu-20-io', 'the same at 20 s, I/O-bound load', HIGH_RESOLUTION, IO_BOUND);
