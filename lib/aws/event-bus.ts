import { SignatureV4 } from '@smithy/signature-v4';
import type { EventBus } from '../telemetry/notices.ts';
import { AwsFailure } from './aws-failure.ts';
import { toAwsFailure } from './classify.ts';
import { defaultProvider } from './lambda-credentials.ts';
import { Sha256 } from './sha256.ts';

export interface EventBusOptions {
  readonly name: string;
  readonly region: string;
  /** Absent: AWS's own. */
  readonly endpoint?: string;
  /** Absent: those of the function's environment. */
  readonly credentials?: ReturnType<typeof defaultProvider>;
}

const ACTION = 'events:PutEvents';

/**
 * Puts events on a bus by one signed request. EventBridge's client of the SDK would add its endpoint rules, schemas and
 * signature 4a to each function for this one call; the signer is in the bundles anyway.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function createEventBus(options: EventBusOptions): EventBus {
  const { name, region, credentials = defaultProvider() } = options;
  const signer = new SignatureV4({ service: 'events', region, credentials, sha256: Sha256 });
  return {
    async put(events, signal) {
      const url = new URL(options.endpoint ?? `https://events.${region}.${suffix(region)}`);
      const body = JSON.stringify({ Entries: events.map((event) => ({ ...event, EventBusName: name })) });
      const signed = await signer.sign({
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: url.pathname,
        query: {},
        headers: { host: url.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
        body,
      });
      // fetch sets the host itself, and refuses to be told.
      const { host: _, ...headers } = signed.headers;
      let answer: Response;
      let text: string;
      try {
        answer = await fetch(url, { method: 'POST', headers, body, signal });
        text = await answer.text();
      } catch (error) {
        throw toAwsFailure(error, ACTION);
      }
      const said = parse(text);
      if (!answer.ok)
        throw new AwsFailure(
          answer.status === 400 || answer.status === 403 ? 'denied' : 'unavailable',
          ACTION,
          `${answer.status} ${said.error}`,
        );
      if (said.failed > 0)
        throw new AwsFailure('unavailable', ACTION, `${said.failed} of ${events.length} events were not taken: ${said.error}`);
    },
  };
}

const suffix = (region: string) => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');

/** How many entries failed, and the first reason, of an answer in whatever form. */
function parse(text: string): { readonly failed: number; readonly error: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return { failed: 0, error: 'an answer that is not JSON' };
  }
  const fields: Record<string, unknown> = { ...Object(answer) };
  const entries: readonly unknown[] = Array.isArray(fields['Entries']) ? fields['Entries'] : [];
  const code = entries.map((entry) => Object(entry).ErrorCode).find((one) => typeof one === 'string');
  return { failed: Number(fields['FailedEntryCount'] ?? 0), error: String(code ?? fields['__type'] ?? 'no reason given') };
}
