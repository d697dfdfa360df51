import { type Check, wrong } from '../doctor/check.ts';
import { type CredentialSource, containerUrl } from './credential-source.ts';
import { note, type Outside } from './outside.ts';

const ENDPOINT = "container's credentials";
/** Without TLS the SDK sends the authorization token to these alone: ECS's and EKS's agents, and this machine. */
const AGENTS = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]', '[::1]', 'localhost']);

/** What is wrong with the variables of the container's credentials (ECS tasks, EKS Pod Identity), without asking the endpoint. */
export function checkContainer({ env, readText }: Outside, source: CredentialSource): readonly Check[] {
  const [relative, full] = [env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'], env['AWS_CONTAINER_CREDENTIALS_FULL_URI']];
  const url = containerUrl(env);
  if (url === undefined) return [];
  const checks: Check[] = [];
  if (relative && full)
    checks.push(note(ENDPOINT, 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and …_FULL_URI are both set: the relative one is used.'));
  if (!URL.canParse(url)) {
    checks.push(
      wrong(ENDPOINT, `${JSON.stringify(url)} is no URL.`, 'ECS and EKS set these variables themselves: do not set them in the container.'),
    );
    return checks;
  }
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !AGENTS.has(hostname) && !/^127\./.test(hostname))
    checks.push(
      wrong(
        ENDPOINT,
        `AWS_CONTAINER_CREDENTIALS_FULL_URI points at ${hostname} without TLS: the SDK refuses to send a token there.`,
        'Only https, the loopback address, 169.254.170.2 (ECS) and 169.254.170.23 or [fd00:ec2::23] (EKS) are taken.',
      ),
    );
  const file = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  if (file && source.kind === 'container')
    try {
      if (readText(file).trim() === '') throw new Error('it is empty');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      checks.push(
        wrong(
          ENDPOINT,
          `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is ${file}, which cannot be used: ${why}.`,
          'The Pod Identity webhook mounts it: make the association before the pod, and let its user read it.',
        ),
      );
    }
  return checks;
}
