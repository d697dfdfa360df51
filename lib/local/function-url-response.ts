/** What the HTTP front end sends back to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function jsonResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, cookies: [], body: Buffer.from(JSON.stringify(body)) };
}

/** What a function URL answers when the function threw, ran out of time or returned what is no response. */
export const functionFailed: HttpResponse = jsonResponse(502, { Message: 'Internal Server Error' });

/**
 * The HTTP response that a function URL makes of a handler's return value
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html): an object with `statusCode` is a response,
 * anything else is the JSON body of a 200.
 */
export function functionUrlResponse(result: unknown): HttpResponse {
  if (!isRecord(result) || result['statusCode'] === undefined) {
    return typeof result === 'string'
      ? { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(result) }
      : jsonResponse(200, result ?? null);
  }
  const status = result['statusCode'];
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return functionFailed;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (isRecord(result['headers'])) {
    for (const [name, value] of Object.entries(result['headers'])) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') headers[name.toLowerCase()] = String(value);
    }
  }
  const cookies = Array.isArray(result['cookies'])
    ? result['cookies'].filter((cookie): cookie is string => typeof cookie === 'string')
    : [];
  const body = result['body'];
  if (body !== undefined && body !== null && typeof body !== 'string') return functionFailed;
  return { status, headers, cookies, body: Buffer.from(body ?? '', result['isBase64Encoded'] === true ? 'base64' : 'utf8') };
}
