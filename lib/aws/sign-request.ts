import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];
type Secret = string | ArrayBuffer | ArrayBufferView;

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Headers to send, those given and those of the signature; without `host`, which the client sets itself. */
export type RequestSigner = (request: UnsignedRequest) => Promise<Record<string, string>>;

/**
 * Signs requests to a Lambda function URL (SigV4, service `lambda`), with the credentials of whoever runs this: environment,
 * profile, SSO, container or instance, in the SDK's order. The body's hash goes with it, so that it cannot be exchanged.
 */
export function createRequestSigner(options: {
  readonly region: string;
  readonly credentials?: Credentials;
  readonly now: () => number;
}): RequestSigner {
  const signer = new SignatureV4({
    credentials: options.credentials ?? defaultProvider(),
    region: options.region,
    service: 'lambda',
    sha256: Sha256,
    applyChecksum: true,
  });
  return async ({ method, url, headers, body }) => {
    const signed = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: url.pathname,
        query: queryOf(url),
        headers: { ...headers, host: url.host },
        ...(body === undefined ? {} : { body }),
      },
      { signingDate: new Date(options.now()) },
    );
    const { host: _host, ...others } = signed.headers;
    return others;
  };
}

function queryOf(url: URL): Record<string, string | string[]> {
  const names = [...new Set(url.searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = url.searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** Node's own hashing in the form that the signer asks for: with a secret it is an HMAC. */
class Sha256 {
  #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;
  readonly #secret: Secret | undefined;
  constructor(secret?: Secret) {
    this.#secret = secret;
    this.#hash = begun(secret);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(Uint8Array.from(this.#hash.digest()));
  }
  reset(): void {
    this.#hash = begun(this.#secret);
  }
}

const begun = (secret: Secret | undefined) => (secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret)));

function bytesOf(data: Secret): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}
