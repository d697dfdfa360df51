import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { functionUrlEvent } from '../fakes/whole-system.ts';

/** A report as the function URL hands it over. */
export const reportEvent = (token: string, body: string, path = `/${token}/v3/reports`, method = 'POST'): LambdaFunctionURLEvent =>
  functionUrlEvent(method, path, body, {});

/** The same body as a front end hands over what it takes for binary. */
export const inBase64 = (event: LambdaFunctionURLEvent, body: Uint8Array | string = event.body ?? ''): LambdaFunctionURLEvent => ({
  ...event,
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});
