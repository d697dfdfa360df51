import type { AwsFailureKind } from './aws-failure.ts';
import { AwsFailure } from './aws-failure.ts';

/**
 * Every error name of DynamoDB, ECS, STS, SQS, CloudWatch and Lambda that is told apart, and those of Node's sockets and of the
 * SDK itself. A name that is missing here falls back to the HTTP status.
 */
const namesOfKind: Readonly<Record<AwsFailureKind, readonly string[]>> = {
  denied: [
    'AccessDenied',
    'AccessDeniedException',
    'AuthorizationError',
    'AuthorizationErrorException',
    'NotAuthorized',
    'UnauthorizedOperation',
    'KMSAccessDeniedException',
    // STS is not switched on in that Region, or the account has not opted in: a person has to.
    'OptInRequired',
    'RegionDisabledException',
    'SubscriptionRequiredException',
  ],
  throttled: [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'LimitExceededException',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceeded',
    'ProvisionedThroughputExceededException',
    'ReplicatedWriteConflictException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'TooManyRequestsException',
    'TransactionConflictException',
    'TransactionInProgressException',
  ],
  'not-found': [
    'ClusterNotFoundException',
    'ServiceNotFoundException',
    'ResourceNotFoundException',
    'ResourceNotFound',
    'NoSuchEntity',
    'NoSuchEntityException',
    'QueueDoesNotExist',
    'AWS.SimpleQueueService.NonExistentQueue',
  ],
  'not-active': ['ServiceNotActiveException'],
  invalid: [
    'BlockedException',
    'ClientException',
    'IncompleteSignature',
    'InvalidAction',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterException',
    'InvalidParameterValue',
    'InvalidParameterValueException',
    'ItemCollectionSizeLimitExceededException',
    'MalformedPolicyDocument',
    'MalformedPolicyDocumentException',
    'MissingAction',
    'MissingParameter',
    'NamespaceNotFoundException',
    'PackedPolicyTooLarge',
    'PackedPolicyTooLargeException',
    'PlatformTaskDefinitionIncompatibilityException',
    'PlatformUnknownException',
    'RequestTooLargeException',
    'SerializationException',
    'UnknownOperationException',
    'UnsupportedFeatureException',
    'ValidationError',
    'ValidationException',
  ],
  expired: [
    // Our own credentials cannot be had, are old or are not known yet: new ones may do.
    'CredentialsProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidClientTokenId',
    'InvalidSignatureException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'RequestExpired',
    'RequestTimeTooSkewed',
    'SignatureDoesNotMatch',
    'TokenRefreshRequired',
    'UnrecognizedClientException',
  ],
  timeout: [
    'AbortError',
    'ECONNRESET',
    'EPIPE',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ESOCKETTIMEDOUT',
    'ETIMEDOUT',
    'RequestTimeout',
    'RequestTimeoutException',
    'TimeoutError',
  ],
  unavailable: [
    'EAI_AGAIN',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'IDPCommunicationError',
    'InternalFailure',
    'InternalServerError',
    'InternalServiceError',
    'InternalServiceFault',
    'NetworkingError',
    'ServerException',
    'ServiceException',
    'ServiceUnavailable',
    'ServiceUnavailableException',
  ],
  'condition-failed': ['ConditionalCheckFailedException'],
};

const kindOfName: ReadonlyMap<string, AwsFailureKind> = new Map(
  (Object.keys(namesOfKind) as AwsFailureKind[]).flatMap((kind) => namesOfKind[kind].map((name): [string, AwsFailureKind] => [name, kind])),
);

/**
 * What an error of the SDK or of the network means; `action` as IAM writes it ("ecs:UpdateService"). An `AwsFailure` passes
 * through. An error that is no failure of AWS at all (a fault in our own code) is not dressed up: it is thrown again.
 */
export const toAwsFailure = (error: unknown, action: string): AwsFailure => {
  if (error instanceof AwsFailure) return error;
  const seen = described(error);
  const kind = kindOf(seen);
  if (kind === undefined) throw error;
  const name = seen.names.at(-1) ?? 'Error';
  const text = seen.message === '' ? name : `${name}: ${seen.message}`;
  return new AwsFailure(kind, action, `${text}${seen.requestId === undefined ? '' : ` (request ${seen.requestId})`}`, error);
};

interface Described {
  /** Most telling first: a socket's code before the wrapper's name. */
  readonly names: readonly string[];
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

const kindOf = ({ names, status }: Described): AwsFailureKind | undefined => {
  for (const name of names) {
    const kind = kindOfName.get(name);
    if (kind) return kind;
  }
  if (status === undefined) return undefined;
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 408) return 'timeout';
  return status >= 500 || status < 400 ? 'unavailable' : 'invalid';
};

const described = (error: unknown): Described => {
  if (!isRecord(error)) return { names: [], message: String(error), status: undefined, requestId: undefined };
  const metadata = isRecord(error.$metadata) ? error.$metadata : {};
  const nested = [error.cause, ...(Array.isArray(error.errors) ? error.errors : [])].filter(isRecord);
  const names = [error, ...nested].flatMap((each) => [each.code, each.Code].filter(isText));
  return {
    names: [...names, ...nested.map((each) => each.name).filter(isText), ...[error.name].filter(isText)],
    message: isText(error.message) ? error.message : '',
    status: typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined,
    requestId: isText(metadata.requestId) ? metadata.requestId : undefined,
  };
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
