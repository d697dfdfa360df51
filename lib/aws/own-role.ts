import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Keys } from './own-credentials.ts';

/** Reads our own role, for the doctor. Rejects with what AWS said. */
export function createOwnRole(options: { readonly region: string; readonly credentials: () => Promise<Keys> }): {
  /** The trust policy of a role of our account, as JSON. */
  trustOf(roleName: string): Promise<unknown>;
} {
  const iam = new IAMClient({
    ...options,
    maxAttempts: 2,
    userAgentAppId: 'sluice',
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
  });
  return {
    async trustOf(roleName) {
      const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
      // IAM sends it as it would stand in a URL (RFC 3986).
      const document: unknown = JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? 'null'));
      return document;
    },
  };
}
