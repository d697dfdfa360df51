/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles of the functions: a Lambda function
 * finds its credentials in its environment and nowhere else, and the SDK's default chain (files,
 * single sign-on, containers, instance metadata) would make up a quarter of each bundle. Where AWS_PROFILE names a
 * profile, it assumes its role from these (credential_source = Environment), which is loaded only then.
 */
interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Of a profile's role; those of the environment hold as long as the function's instance. */
  readonly expiration?: Date;
}

/** Same shape as the SDK's: called with options, gives a function that gives the credentials. */
export const defaultProvider =
  (_options?: unknown, env: Readonly<Record<string, string | undefined>> = process.env) =>
  async (): Promise<EnvironmentCredentials> => {
    const accessKeyId = env['AWS_ACCESS_KEY_ID'];
    const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
    const sessionToken = env['AWS_SESSION_TOKEN'];
    if (!accessKeyId || !secretAccessKey) {
      throw new Error(
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: a function takes its credentials from its environment alone',
      );
    }
    if (env['AWS_PROFILE']) return (await import('./environment-profile.ts')).profileCredentials(env['AWS_PROFILE'], env);
    return sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey };
  };
