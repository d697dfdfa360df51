import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** One HTTP request as it came off the wire. */
export interface HttpRequest {
  readonly method: string;
  /** As sent: not normalised, not decoded ("//v3/reports?a=1"). */
  readonly target: string;
  /** Name and value in turn, as node:http's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** What AWS refuses to hand to a function in one synchronous invocation: the whole event, JSON escapes included. */
export const INVOCATION_LIMIT_BYTES = 6 * 1024 * 1024;

const TEXT = /^(text\/|application\/(json|javascript|xml|[a-z0-9.+-]+\+(json|xml))\b)/i;

/** Body text as Lambda's front end passes it on: base64 for anything that is not plainly text. */
function bodyOf(
  body: Buffer,
  contentType: string | undefined,
  contentEncoding: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = contentEncoding === undefined && contentType !== undefined && TEXT.test(contentType.trim());
  return text ? { body: body.toString('utf8'), isBase64Encoded: false } : { body: body.toString('base64'), isBase64Encoded: true };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** "12/Mar/2020:19:03:58 +0000", the form of `requestContext.time`. */
function commonLogTime(at: number): string {
  const d = new Date(at);
  const day = `${two(d.getUTCDate())}/${MONTHS[d.getUTCMonth()] ?? ''}/${d.getUTCFullYear()}`;
  return `${day}:${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} +0000`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function queryOf(rawQuery: string): Record<string, string> | undefined {
  if (rawQuery === '') return undefined;
  const values = new Map<string, string>();
  for (const pair of rawQuery.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const key = decoded(name);
    const before = values.get(key);
    const value = decoded(rest.join('='));
    values.set(key, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

/**
 * The event of payload format 2.0 that a function URL makes of a request
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html): header names in lower case, repeated headers
 * joined by commas, cookies apart, the path raw.
 */
export function functionUrlEvent(
  request: HttpRequest,
  meta: { readonly requestId: string; readonly at: number; readonly domainName: string },
): LambdaFunctionURLEvent {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] ?? '').toLowerCase();
    const value = request.rawHeaders[i + 1] ?? '';
    if (name === 'cookie') {
      cookies.push(...value.split(';').map((cookie) => cookie.trim()));
      continue;
    }
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  const mark = request.target.indexOf('?');
  const rawPath = mark < 0 ? request.target : request.target.slice(0, mark);
  const rawQueryString = mark < 0 ? '' : request.target.slice(mark + 1);
  const query = queryOf(rawQueryString);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: Object.fromEntries(headers),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      domainName: meta.domainName,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers.get('user-agent') ?? '',
      },
      requestId: meta.requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(meta.at),
      timeEpoch: meta.at,
    },
    ...bodyOf(request.body, headers.get('content-type'), headers.get('content-encoding')),
  };
}

/** True when AWS would answer 413 instead of invoking the function. Serialises only bodies that come near the limit. */
export function exceedsInvocationLimit(event: LambdaFunctionURLEvent): boolean {
  // An escape makes at most six characters of one, so that smaller bodies cannot reach the limit.
  if ((event.body?.length ?? 0) * 6 < INVOCATION_LIMIT_BYTES - 64 * 1024) return false;
  return Buffer.byteLength(JSON.stringify(event)) > INVOCATION_LIMIT_BYTES;
}
