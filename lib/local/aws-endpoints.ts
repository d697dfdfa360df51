import { isIPv4, isIPv6 } from 'node:net';

/** Servers of the user's choice that stand in for AWS, as the SDK's own variables name them; absent: our own. */
export interface AwsEndpoints {
  readonly ecs?: string;
  readonly sts?: string;
  readonly dynamodb?: string;
  /** With servers of the user's own; absent there: the one for ECS. */
  readonly sqs?: string;
  readonly cloudwatch?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** True for addresses that never leave this machine. URL parsing has already made one form of all spellings of an IPv4 address. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (isIPv4(host)) return host.startsWith('127.');
  return isIPv6(host) && (host === '::1' || /^::ffff:7f[0-9a-f]{2}:/.test(host));
}

function readUrl(name: string, text: string, allowRemote: boolean): { readonly url: string } | { readonly problem: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: `${name} is ${JSON.stringify(text)}: a URL such as http://127.0.0.1:5000 is needed` };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { problem: `${name} is ${JSON.stringify(text)}: it must begin with http:// or https://` };
  if (!allowRemote && !isLoopback(url.hostname)) {
    return {
      problem: `${name} points at ${url.hostname}: a local run reaches this machine only. Point it at 127.0.0.1, unset it, or give --allow-remote`,
    };
  }
  return { url: url.href.replace(/\/$/, '') };
}

/**
 * The endpoints that the environment names for ECS, STS, DynamoDB, SQS and CloudWatch (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html:
 * the one for a service goes before the one for all). Those of profiles are not looked at: a local run reads no profile.
 */
export function awsEndpoints(
  env: Env,
  allowRemote: boolean,
): { readonly ok: true; readonly endpoints: AwsEndpoints } | { readonly ok: false; readonly problems: readonly string[] } {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true') return { ok: true, endpoints: {} };
  const problems: string[] = [];
  const endpoint = (service: string) => {
    const name = env[`AWS_ENDPOINT_URL_${service}`] ? `AWS_ENDPOINT_URL_${service}` : 'AWS_ENDPOINT_URL';
    const text = env[name];
    if (!text) return undefined;
    const read = readUrl(name, text, allowRemote);
    if ('url' in read) return read.url;
    if (!problems.includes(read.problem)) problems.push(read.problem);
    return undefined;
  };
  const [ecs, sts, dynamodb] = [endpoint('ECS'), endpoint('STS'), endpoint('DYNAMODB')];
  const [sqs, cloudwatch] = [endpoint('SQS'), endpoint('CLOUDWATCH')];
  if (problems.length === 0 && (ecs === undefined) !== (sts === undefined)) {
    problems.push(
      'AWS_ENDPOINT_URL_ECS and AWS_ENDPOINT_URL_STS belong together: the sessions that one gives must be known to the other. Set both or neither',
    );
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    endpoints: {
      ...given('ecs', ecs),
      ...given('sts', sts),
      ...given('dynamodb', dynamodb),
      ...given('sqs', sqs),
      ...given('cloudwatch', cloudwatch),
    },
  };
}

const given = (name: keyof AwsEndpoints, url: string | undefined): AwsEndpoints => (url ? { [name]: url } : {});
