import { createServer } from 'node:http';
import type { ContainerKeys } from './serve-roles.ts';

/** The address at which a container's agent gives credentials, on loopback instead of 169.254.170.2. */
export interface ContainerCredentials {
  /** For AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  close(): Promise<void>;
}

/**
 * Serves them as ECS's and EKS's agents do (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
 * `token`: what the Authorization header has to hold now, as with Pod Identity, where it is in a file that is rotated.
 */
export async function serveContainerCredentials(options: {
  readonly keys: (now: number) => ContainerKeys;
  readonly now: () => number;
  readonly token?: () => string;
}): Promise<ContainerCredentials> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method !== 'GET' || request.url !== '/v1/credentials')
      return json(404, { code: 'NotFound', message: 'no such credentials' });
    if (options.token !== undefined && request.headers.authorization !== options.token())
      return json(401, { code: 'AccessDenied', message: 'the authorization token is not that of this pod' });
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = options.keys(options.now());
    return json(200, {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: new Date(expiresAt).toISOString(),
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the container credentials have no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1/credentials`,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
