import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';

export interface HttpRequest {
  readonly method: string;
  /** Path segments, decoded, empty ones left out: adapters concatenate URLs and may send a double slash. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** An event of a function URL (payload format 2.0) as a request. */
export function readRequest(event: LambdaFunctionURLEvent): HttpRequest {
  const body = event.body ?? '';
  return {
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
    query: event.queryStringParameters ?? {},
    body: event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function jsonAnswer(status: number, body: unknown): LambdaFunctionURLResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
