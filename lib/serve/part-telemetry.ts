import { createEventBus } from '../aws/event-bus.ts';
import type { Keys } from '../aws/own-credentials.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { LogSink } from '../journal.ts';
import { askByFetch } from '../telemetry/heartbeat.ts';
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts';

/** Log lines, figures and notices of one part, as its function has them; the sign of life is tick's. */
export function partTelemetry(
  name: string,
  { stage, deployment, region, eventBus, eventsEndpoint, heartbeatUrl }: Config,
  { credentials, clock, write }: { readonly credentials: () => Promise<Keys>; readonly clock: Clock; readonly write: LogSink },
): Telemetry {
  return createTelemetry({
    name,
    stage,
    deployment,
    clock,
    write,
    ...(eventBus === undefined
      ? {}
      : {
          bus: createEventBus({
            name: eventBus,
            region,
            credentials,
            ...(eventsEndpoint === undefined ? {} : { endpoint: eventsEndpoint }),
          }),
        }),
    ...(heartbeatUrl === undefined || name !== 'tick' ? {} : { heartbeat: { url: heartbeatUrl, ask: askByFetch } }),
  });
}
