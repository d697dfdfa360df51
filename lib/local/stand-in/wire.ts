import type { AwsCall, Signature } from './aws-call.ts';
import { AwsError } from './aws-error.ts';
import type { Answer, StandIn } from './stand-in.ts';

export interface WireRequest {
  readonly method: string;
  /** With the query string, if any. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ECS_TARGET = 'AmazonEC2ContainerServiceV20141113';
const STS_VERSION = '2011-06-15';
const STS_XML = 'https://sts.amazonaws.com/doc/2011-06-15/';
const DEFAULT_REGION = 'us-east-1';

/**
 * Answers a request of an AWS SDK in the protocol of the service it is for: ECS speaks JSON 1.1, told
 * by X-Amz-Target, STS the query protocol, told by its form. The Region is that of the signature.
 */
export async function answerAws(standIn: StandIn, request: WireRequest): Promise<WireAnswer | 'dropped'> {
  const requestId = crypto.randomUUID();
  const target = request.headers['x-amz-target'];
  const render = target === undefined ? xmlAnswer : jsonAnswer;
  try {
    const call = target === undefined ? readQuery(request) : readJson(request, target);
    const answer = await standIn.call(call);
    return answer.kind === 'dropped' ? 'dropped' : render(answer, call.action, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return render({ kind: 'error', error }, '', requestId);
  }
}

function readJson(request: WireRequest, target: string): AwsCall {
  const [prefix, action = ''] = target.split('.');
  if (prefix !== ECS_TARGET || action === '')
    throw new AwsError('UnknownOperationException', `The stand-in does not know ${target}; it speaks for ECS (${ECS_TARGET}) and STS.`);
  let parameters: unknown;
  try {
    parameters = JSON.parse(request.body === '' ? '{}' : request.body);
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw new AwsError('SerializationException', 'The body is not an object.');
  return { ...readSignature(request, 'ecs'), service: 'ecs', action, parameters: Object.fromEntries(Object.entries(parameters)) };
}

function readQuery(request: WireRequest): AwsCall {
  const { Action: action, Version: version, ...parameters } = Object.fromEntries(new URLSearchParams(request.body));
  if (request.method !== 'POST' || action === undefined)
    throw new AwsError('MissingAction', 'This is no call of AWS: neither X-Amz-Target nor a form with Action.');
  if (version !== STS_VERSION)
    throw new AwsError(
      'InvalidAction',
      `The stand-in speaks for STS (version ${STS_VERSION}) and ECS; ${action} of version ${version} is neither.`,
    );
  return { ...readSignature(request, 'sts'), service: 'sts', action, parameters };
}

function readSignature({ headers }: WireRequest, service: string): { readonly signature: Signature | undefined; readonly region: string } {
  const { authorization } = headers;
  if (authorization === undefined) return { signature: undefined, region: DEFAULT_REGION };
  const [, accessKeyId, region, scope] =
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,/.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined) {
    throw service === 'sts'
      ? new AwsError('IncompleteSignature', 'Authorization is not that of AWS Signature Version 4.', 403)
      : new AwsError('IncompleteSignatureException', 'Authorization is not that of AWS Signature Version 4.');
  }
  if (scope !== service) {
    const message = `Credential should be scoped to correct service: '${service}'.`;
    throw service === 'sts' ? new AwsError('SignatureDoesNotMatch', message, 403) : new AwsError('InvalidSignatureException', message);
  }
  return { signature: { accessKeyId, sessionToken: headers['x-amz-security-token'] }, region };
}

type Told = Exclude<Answer, { kind: 'dropped' }>;

function jsonAnswer(answer: Told, _action: string, requestId: string): WireAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
  if (answer.kind === 'answer') return { status: 200, headers, body: JSON.stringify(answer.body) };
  const { code, message, status } = answer.error;
  return { status, headers: { ...headers, 'x-amzn-errortype': code }, body: JSON.stringify({ __type: code, message }) };
}

function xmlAnswer(answer: Told, action: string, requestId: string): WireAnswer {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  if (answer.kind === 'answer') {
    const result = `<${action}Result>${xml(answer.body)}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return { status: 200, headers, body: `<${action}Response xmlns="${STS_XML}">${result}</${action}Response>` };
  }
  const { code, message, status } = answer.error;
  const error = xml({ Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message });
  return {
    status,
    headers,
    body: `<ErrorResponse xmlns="${STS_XML}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function xml(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
      .join('');
  }
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
