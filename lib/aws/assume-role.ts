import type { STSClient } from '@aws-sdk/client-sts';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Instant } from '../clock.ts';
import { AwsFailure } from './aws-failure.ts';

export const ASSUME_ROLE = 'sts:AssumeRole';

/** STS takes 900 s at least. A function's own role is assumed already, and chained roles last 3,600 s at most: longer is an error. */
export type SessionSeconds = 900 | 3600;

export interface SessionRequest {
  readonly roleArn: string;
  /** Undefined in the proof of trust only. */
  readonly externalId: string | undefined;
  readonly name: string;
  readonly policy: string;
  readonly seconds: SessionSeconds;
}

export interface Session {
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
  readonly expiresAt: Instant;
}

/** One AssumeRole. */
export async function assumeRole(sts: STSClient, request: SessionRequest, signal: AbortSignal): Promise<Session> {
  const answer = await sts.send(
    new AssumeRoleCommand({
      RoleArn: request.roleArn,
      RoleSessionName: request.name,
      DurationSeconds: request.seconds,
      Policy: request.policy,
      ...(request.externalId === undefined ? {} : { ExternalId: request.externalId }),
    }),
    { abortSignal: signal },
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new AwsFailure('unavailable', ASSUME_ROLE, `STS answered for ${request.roleArn} without complete credentials`);
  }
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiresAt: Expiration.getTime(),
  };
}

/**
 * For the proof of trust, where a denial is evidence: AccessDenied and nothing else. Other answers that
 * mean "stop" at work (a Region that is switched off, a proxy's 403) say nothing of the trust policy.
 */
export function asEvidence(failure: AwsFailure): AwsFailure {
  if (failure.kind !== 'denied') return failure;
  const exact = failure.cause instanceof Error && /^AccessDenied(Exception)?$/.test(failure.cause.name);
  return exact ? failure : new AwsFailure('unavailable', failure.action, failure.message, failure.cause);
}
