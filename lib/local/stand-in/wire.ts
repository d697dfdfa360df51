import type { AwsCall, Signature } from './aws-call.ts';
import { AwsError } from './aws-error.ts';
import { type AwsServiceName, signingName, speaksQuery } from './services-of-aws.ts';
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

/** By the prefix of X-Amz-Target. */
const JSON_SERVICES: Readonly<Record<string, AwsServiceName>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AnyScaleFrontendService: 'application-autoscaling',
  AmazonSQS: 'sqs',
  GraniteServiceVersion20100801: 'cloudwatch',
};
/** By the version in the form. */
const QUERY_SERVICES: Readonly<Record<string, AwsServiceName>> = { '2011-06-15': 'sts', '2010-05-08': 'iam' };
const XML: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
};
/** By method and path. */
const REST_ACTIONS: Readonly<Record<string, { readonly service: AwsServiceName; readonly action: string }>> = {
  'POST /listRegions': { service: 'account', action: 'ListRegions' },
};
const DEFAULT_REGION = 'us-east-1';

/**
 * Answers a request of an AWS SDK in the protocol of the service it is for: ECS, Application Auto Scaling, SQS and CloudWatch speak JSON, told
 * by X-Amz-Target, Account Management JSON by path, STS and IAM the query protocol, told by its form. The Region is that of the
 * signature.
 */
export async function answerAws(standIn: StandIn, request: WireRequest): Promise<WireAnswer | 'dropped'> {
  const requestId = crypto.randomUUID();
  const target = request.headers['x-amz-target'];
  const rest = REST_ACTIONS[`${request.method} ${request.path.split('?')[0]}`];
  const render = target === undefined && rest === undefined ? xmlAnswer : jsonAnswer;
  try {
    const call = rest !== undefined ? readBody(request, rest) : target === undefined ? readQuery(request) : readJson(request, target);
    const answer = await standIn.call(call);
    return answer.kind === 'dropped' ? 'dropped' : render(answer, call, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return render({ kind: 'error', error }, { service: 'sts', action: '' }, requestId);
  }
}

function readJson(request: WireRequest, target: string): AwsCall {
  const [prefix, action = ''] = target.split('.');
  const service = prefix === undefined || !Object.hasOwn(JSON_SERVICES, prefix) ? undefined : JSON_SERVICES[prefix];
  if (service === undefined || action === '')
    throw new AwsError(
      'UnknownOperationException',
      `The stand-in does not know ${target}; by X-Amz-Target it speaks for ${Object.keys(JSON_SERVICES).join(' and ')}.`,
    );
  return readBody(request, { service, action });
}

function readBody(request: WireRequest, { service, action }: { readonly service: AwsServiceName; readonly action: string }): AwsCall {
  let parameters: unknown;
  try {
    parameters = JSON.parse(request.body === '' ? '{}' : request.body);
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw new AwsError('SerializationException', 'The body is not an object.');
  return { ...readSignature(request, service), service, action, parameters: Object.fromEntries(Object.entries(parameters)) };
}

function readQuery(request: WireRequest): AwsCall {
  const { Action: action, Version: version, ...parameters } = Object.fromEntries(new URLSearchParams(request.body));
  if (request.method !== 'POST' || action === undefined)
    throw new AwsError('MissingAction', 'This is no call of AWS: neither X-Amz-Target nor a form with Action.');
  const service = version === undefined || !Object.hasOwn(QUERY_SERVICES, version) ? undefined : QUERY_SERVICES[version];
  if (service === undefined) {
    const known = Object.entries(QUERY_SERVICES).map(([its, name]) => `${name} (version ${its})`);
    throw new AwsError(
      'InvalidAction',
      `By forms the stand-in speaks for ${known.join(' and ')}; ${action} of version ${version} is neither.`,
    );
  }
  return { ...readSignature(request, service), service, action, parameters };
}

function readSignature({ headers }: WireRequest, service: string): { readonly signature: Signature | undefined; readonly region: string } {
  const { authorization } = headers;
  if (authorization === undefined) return { signature: undefined, region: DEFAULT_REGION };
  const [, accessKeyId, region, scope] =
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,/.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined) {
    throw speaksQuery(service)
      ? new AwsError('IncompleteSignature', 'Authorization is not that of AWS Signature Version 4.', 403)
      : new AwsError('IncompleteSignatureException', 'Authorization is not that of AWS Signature Version 4.');
  }
  if (scope !== signingName(service)) {
    const message = `Credential should be scoped to correct service: '${signingName(service)}'.`;
    throw speaksQuery(service) ? new AwsError('SignatureDoesNotMatch', message, 403) : new AwsError('InvalidSignatureException', message);
  }
  return { signature: { accessKeyId, sessionToken: headers['x-amz-security-token'] }, region };
}

type Told = Exclude<Answer, { kind: 'dropped' }>;
type Named = Pick<AwsCall, 'service' | 'action'>;

function jsonAnswer(answer: Told, _call: Named, requestId: string): WireAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
  if (answer.kind === 'answer') return { status: 200, headers, body: JSON.stringify(answer.body) };
  const { code, message, status } = answer.error;
  return { status, headers: { ...headers, 'x-amzn-errortype': code }, body: JSON.stringify({ __type: code, message }) };
}

function xmlAnswer(answer: Told, { service, action }: Named, requestId: string): WireAnswer {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  if (answer.kind === 'answer') {
    const result = `<${action}Result>${xml(answer.body)}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return { status: 200, headers, body: `<${action}Response xmlns="${XML[service]}">${result}</${action}Response>` };
  }
  const { code, message, status } = answer.error;
  const error = xml({ Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message });
  return {
    status,
    headers,
    body: `<ErrorResponse xmlns="${XML[service]}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => `<member>${xml(one)}</member>`).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
      .join('');
  }
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
