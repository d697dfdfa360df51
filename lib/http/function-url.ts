import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';

export interface HttpRequest {
  readonly method: string;
  /** Path segments, decoded, empty ones left out: adapters concatenate URLs and may send a double slash. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** An event of a function URL (payload format 2.0) as a request. What is not as AWS documents it is as if it were not there. */
export function readRequest(event: LambdaFunctionURLEvent): HttpRequest {
  const given: Partial<LambdaFunctionURLEvent> | null = event;
  const body = text(given?.body);
  const query: unknown = given?.queryStringParameters ?? {};
  return {
    method: text(given?.requestContext?.http?.method).toUpperCase(),
    path: text(given?.rawPath)
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
    query: Object.fromEntries(
      Object.entries(typeof query === 'object' && query !== null ? query : {}).map(([name, value]) => [name, text(value)]),
    ),
    body: given?.isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

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
