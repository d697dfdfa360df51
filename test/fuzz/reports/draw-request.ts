import { gzipSync } from 'node:zlib';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Draw } from '../draw/draw.ts';
import { HOSTILE_TEXTS } from '../draw/hostile.ts';
import { inBase64, reportEvent } from '../report-event.ts';

export interface DrawnRequest {
  readonly event: LambdaFunctionURLEvent;
  /** What the path, the method and the token alone make of it; 200: the body decides. */
  readonly status: 200 | 401 | 404 | 405;
  /** The body as whoever reads the event must understand it. */
  readonly body: string;
}

/** A request with a body, carried as text or base64, rightly flagged or not. */
export function drawRequest(draw: Draw, token: string, body: string): DrawnRequest {
  const { path, status } = draw.oneIn(4) ? drawPath(draw, token) : { path: `/${token}/v3/reports`, status: 200 as const };
  const method = draw.oneIn(40) ? draw.pick(['GET', 'PUT', 'OPTIONS', 'HEAD', 'TRACE', 'PATCH', '']) : draw.oneIn(10) ? 'post' : 'POST';
  const wrongMethod = status !== 404 && method.toUpperCase() !== 'POST';
  const event = withHeaders(draw, reportEvent(token, body, path, method), token);
  return { ...carried(draw, event, body), status: wrongMethod ? 405 : status };
}

function carried(draw: Draw, event: LambdaFunctionURLEvent, body: string): { event: LambdaFunctionURLEvent; body: string } {
  switch (draw.below(12)) {
    case 0:
    case 1:
      return { event: inBase64(event, body), body: Buffer.from(body).toString('utf8') };
    case 2:
      // Marked as base64 and none: what base64 makes of it is the body.
      return { event: { ...event, isBase64Encoded: true }, body: Buffer.from(body, 'base64').toString('utf8') };
    case 3:
      // base64 and not marked: the letters themselves are the body.
      return { event: { ...inBase64(event, body), isBase64Encoded: false }, body: Buffer.from(body).toString('base64') };
    case 4: {
      // Compressed, as no adapter sends it: no report.
      const packed = gzipSync(body);
      return {
        event: { ...inBase64(event, packed), headers: { ...event.headers, 'content-encoding': 'gzip' } },
        body: packed.toString('utf8'),
      };
    }
    case 5: {
      const cut = Buffer.from(body).subarray(0, draw.below(body.length + 1));
      return { event: inBase64(event, cut), body: cut.toString('utf8') };
    }
    case 6: {
      const { body: _, ...without } = event;
      return { event: without, body: '' };
    }
    default:
      return { event, body };
  }
}

function withHeaders(draw: Draw, event: LambdaFunctionURLEvent, token: string): LambdaFunctionURLEvent {
  if (!draw.oneIn(4)) return event;
  const headers: LambdaFunctionURLEvent['headers'] = { ...event.headers };
  const name = draw.pick([
    'content-type',
    'content-length',
    'transfer-encoding',
    'x-forwarded-for',
    'authorization',
    'host',
    'x-http-method-override',
    '__proto__',
    'content-encoding',
  ]);
  Object.defineProperty(headers, name, {
    value: draw.pick([token, 'chunked, identity', '0', '-1', 'GET', 'gzip', ...HOSTILE_TEXTS]),
    enumerable: true,
    configurable: true,
  });
  return { ...event, headers, rawQueryString: draw.oneIn(3) ? `token=${token}` : event.rawQueryString };
}

/** Paths that lead to the endpoint by detours, that only look so, and tokens that are nearly right. */
function drawPath(draw: Draw, token: string): { readonly path: string; readonly status: 200 | 401 | 404 } {
  const flipped = draw.below(token.length);
  const wrong = (to: string) => `${token.slice(0, flipped)}${to}${token.slice(flipped + 1)}`;
  const letter = token[flipped] ?? '';
  return draw.pick<() => { path: string; status: 200 | 401 | 404 }>([
    () => ({ path: `/${token}//v3/reports`, status: 200 }),
    () => ({ path: `//api///${token}//v3///reports//`, status: 200 }),
    () => ({ path: `/a/b/c/../${token}/v3/reports`, status: 200 }),
    () => ({ path: `/${'x/'.repeat(2_000)}${token}/v3/reports`, status: 200 }),
    () => ({ path: `/%73${token.slice(1)}/v%33/reports`, status: 200 }),
    () => ({ path: `/${token}/${token}/v3/reports`, status: 200 }),
    () => ({ path: `/%ff%fe/%/${token}/v3/reports`, status: 200 }),
    () => ({ path: `/${token}%2Fv3%2Freports`, status: 404 }),
    () => ({ path: `/${token}/v3%2freports`, status: 404 }),
    () => ({ path: `/${token}/v3/reports/x`, status: 404 }),
    () => ({ path: `/${token}/V3/reports`, status: 404 }),
    () => ({ path: `/${token}/v3/reports%00`, status: 404 }),
    () => ({ path: `/${token}/v3`, status: 404 }),
    () => ({ path: '/v3/reports', status: 404 }),
    () => ({ path: '/', status: 404 }),
    () => ({ path: '', status: 404 }),
    () => ({ path: `/${token}/../v3/reports`, status: 401 }),
    () => ({ path: `/${token}/./v3/reports`, status: 401 }),
    () => ({ path: `/${token}%00/v3/reports`, status: 401 }),
    () => ({ path: `/${token}%20/v3/reports`, status: 401 }),
    () => ({ path: `/ ${token}/v3/reports`, status: 401 }),
    () => ({ path: `/${token}./v3/reports`, status: 401 }),
    () => ({ path: `/${token.toUpperCase()}/v3/reports`, status: 401 }),
    () => ({ path: `/${token}%0a/v3/reports`, status: 401 }),
    () => ({ path: `/${encodeURIComponent(`${token}/`)}/v3/reports`, status: 401 }),
    () => ({ path: `/${token.slice(0, flipped)}/v3/reports`, status: flipped === 0 ? 404 : 401 }),
    () => ({ path: `/${wrong(letter === 'A' ? 'B' : 'A')}/v3/reports`, status: 401 }),
    () => ({ path: `/${token.normalize('NFD')}\u0301/v3/reports`, status: 401 }),
    () => ({ path: `/${'sl1.'.repeat(5_000)}/v3/reports`, status: 401 }),
    () => ({ path: `/__proto__/v3/reports`, status: 401 }),
  ])();
}
