import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { askByFetch } from '../telemetry/heartbeat.ts';
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { createEventBus } from './event-bus.ts';

/** Telemetry as a deployed function has it: lines on standard output, notices on the bus that the environment names. */
export function functionTelemetry(name: string, config: Config): Telemetry {
  const { stage, deployment, region, eventBus, eventsEndpoint, heartbeatUrl } = config;
  return createTelemetry({
    name,
    stage,
    deployment,
    clock: systemClock,
    write: (line) => process.stdout.write(`${line}\n`),
    ...(eventBus === undefined
      ? {}
      : { bus: createEventBus({ name: eventBus, region, ...(eventsEndpoint === undefined ? {} : { endpoint: eventsEndpoint }) }) }),
    ...(heartbeatUrl === undefined ? {} : { heartbeat: { url: heartbeatUrl, ask: askByFetch } }),
  });
}
