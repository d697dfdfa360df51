/** A call of the system to the outside, as the SDK was asked for it. */
export interface SdkCall {
  /** As in the package's name: "dynamodb", "sts", "ecs". */
  readonly service: string;
  /** "GetItem". */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The key of the session that the client has; undefined: the function's own role. */
  readonly accessKeyId: string | undefined;
  readonly region: string | undefined;
}

/** What the bundled system reaches the world through: the only way out of it. */
export interface Gate {
  send(config: ClientConfig, service: string, command: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  setTimeout(fire: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  noDate(): never;
  noRandom(): never;
}

export interface ClientConfig {
  /** Names the environment that the client belongs to. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId?: string };
}

declare global {
  var sluiceGate: Gate | undefined;
}

/** An error as the SDK throws it. */
export class SdkError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  constructor(name: string, message: string, httpStatusCode = 400) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}
