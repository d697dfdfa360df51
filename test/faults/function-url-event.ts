import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** A request as a function URL hands it over. */
export function functionUrlEvent(method: string, rawPath: string, body: string): LambdaFunctionURLEvent {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'sim',
      domainName: 'sim.lambda-url.us-east-1.on.aws',
      domainPrefix: 'sim',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'sim' },
      requestId: 'sim',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    body,
  };
}
