import * as z from 'zod/mini';
import { functionUrlEvent } from './function-url-event.ts';

/** A request of an adapter as it was caught; see events/reports/README.md. */
const caught = z.object({ receivedAt: z.number(), method: z.string(), path: z.string(), body: z.string() });
const report = z.looseObject({ metrics: z.array(z.tuple([z.number(), z.unknown(), z.unknown()], z.unknown())) });

/**
 * The events that a file of events/ is, most of them one. What an adapter sent becomes the event that Lambda would hand over, with `token` in the place of
 * its own, and its samples as old as they were when they arrived.
 */
export function eventsOfFile(content: unknown, token: string, now: number): unknown[] {
  if (Array.isArray(content)) return content.flatMap((one) => eventsOfFile(one, token, now));
  const request = caught.safeParse(content);
  if (!request.success) return [content];
  const { receivedAt, method, path, body } = request.data;
  const { metrics, ...rest } = report.parse(JSON.parse(body));
  const moved = metrics.map(([time, ...sample]) => [time + (now - receivedAt) / 1_000, ...sample]);
  return [functionUrlEvent(method, path.replace('TOKEN', token), { ...rest, metrics: moved })];
}
