import type { Parameters } from './operation.ts';

/** The keys that came with a call; the signature made with them is not verified, since all of it stays on this machine. */
export interface Signature {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
}

/** A call as it came over the wire, whatever the protocol. */
export interface AwsCall {
  readonly signature: Signature | undefined;
  readonly region: string;
  readonly service: string;
  readonly action: string;
  readonly parameters: Parameters;
}
