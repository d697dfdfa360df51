import type { RequestSigner } from '../aws/sign-request.ts';
import { UserMistake } from './user-mistake.ts';

/** The admin API as commands and the local run call it. */
export interface AdminClient {
  get(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** The API could not be reached, or could not do it: exit code 1. */
export class AdminFailure extends Error {
  override readonly name = 'AdminFailure';
}

const TIMEOUT_MS = 35_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends requests to the admin API at `url`. Throws `UserMistake` for what the API finds wrong with the request.
 * @param sign makes the headers of a signed request; absent: none is signed.
 */
export function createAdminClient(url: string, sign?: RequestSigner): AdminClient {
  async function send(path: string, given: { readonly method: string; readonly body?: string }): Promise<unknown> {
    const headers: Record<string, string> = given.body === undefined ? {} : { 'content-type': 'application/json' };
    const signed = sign ? await signedHeaders(sign, new URL(`${url}${path}`), given, headers) : headers;
    const init: RequestInit = { ...given, headers: signed };
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      text = await response.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      // The path may hold the local run's secret: only the origin is named.
      throw new AdminFailure(`The admin API at ${new URL(url).origin} could not be reached: ${cause}. Is it running?`);
    }
    const body = jsonOf(text);
    if (response.ok) return body;
    const why = isRecord(body) && typeof body['why'] === 'string' ? body['why'] : text.slice(0, 200);
    if (response.status === 400) {
      const problems = isRecord(body) && Array.isArray(body['problems']) ? body['problems'].map(String) : [];
      throw new UserMistake(problems.length > 0 ? problems : [why]);
    }
    if (response.status === 403) throw new AdminFailure(`The admin API refused the request (403)${refusal(body, sign !== undefined)}`);
    throw new AdminFailure(`The admin API answered ${response.status}: ${why}`);
  }
  return {
    get: (path, query = {}) => {
      const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
      // A space as %20: what a signature covers must read the same on both sides.
      return send(given.length === 0 ? path : `${path}?${String(new URLSearchParams(given)).replaceAll('+', '%20')}`, { method: 'GET' });
    },
    post: (path, body) => send(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

async function signedHeaders(
  sign: RequestSigner,
  url: URL,
  { method, body }: { readonly method: string; readonly body?: string },
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  try {
    return await sign({ method, url, headers, ...(body === undefined ? {} : { body }) });
  } catch (error) {
    throw new AdminFailure(
      `The request could not be signed: ${error instanceof Error ? error.message : String(error)}. It is signed with your AWS credentials, as the AWS CLI finds them (AWS_PROFILE, environment, SSO).`,
    );
  }
}

/** Sluice says why itself; where AWS refused, before Sluice was asked, it says little. */
function refusal(body: unknown, signed: boolean): string {
  if (isRecord(body) && typeof body['why'] === 'string') return `: ${body['why']}`;
  if (!signed) return ': it takes signed requests. At a domain of your own give --sign.';
  return ': AWS refused it. Who calls needs lambda:InvokeFunctionUrl and lambda:InvokeFunction on the function of the admin API.';
}
