import type { Parsed } from '../accounts/parsed.ts';
import { quote, refuse } from '../accounts/parsed.ts';
import { placesOf } from './partition.ts';

const EXAMPLE = 'https://my-bucket.s3.us-east-1.amazonaws.com/sluice';
/** Of the URL of a template, as CloudFormation takes it. */
const LONGEST = 1_024;
const LONGEST_NAME = 'write-cluster.yaml'.length + 1;

/**
 * Where the operator keeps the templates: the URL of the folder in S3 that holds read.yaml and the others, or of read.yaml itself.
 * CloudFormation's console takes templates from S3 alone. Returns the folder, without a slash at its end.
 */
export function parseTemplateUrl(text: string, region: string): Parsed<string> {
  if (!URL.canParse(text)) return refuse([`the URL of the templates looks like ${EXAMPLE}; got ${quote(text)}`]);
  const url = new URL(text);
  const problems: string[] = [];
  const { s3Domain } = placesOf(region);
  if (url.protocol !== 'https:') problems.push(`the URL of the templates begins with https://; got ${quote(text)}`);
  const labels = url.hostname.endsWith(`.${s3Domain}`) ? url.hostname.slice(0, -s3Domain.length - 1).split('.') : [];
  if (!labels.some((label) => /^s3(-[a-z0-9-]+)?$/.test(label))) {
    problems.push(
      `CloudFormation takes templates from S3 alone, in ${region} from a server of ${s3Domain}, like ${EXAMPLE}; got ${quote(text)}`,
    );
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '')
    problems.push(`the URL of the templates has neither a query, a fragment nor a user; got ${quote(text)}`);
  if (/\.(ya?ml|json)$/.test(url.pathname) && !url.pathname.endsWith('/read.yaml'))
    problems.push(`give the folder that holds read.yaml and write.yaml, or the URL of read.yaml; got ${quote(text)}`);
  const folder = `${url.origin}${url.pathname}`.replace(/\/read\.yaml$/, '').replace(/\/+$/, '');
  if (folder.length + LONGEST_NAME > LONGEST) problems.push(`the URL of a template has at most ${LONGEST} characters`);
  return problems.length > 0 ? refuse(problems) : { ok: true, value: folder };
}
