import { callerArn } from '../../iam/caller.ts';
import type { RequestContext } from '../../iam/context.ts';
import { evaluate } from '../../iam/evaluate.ts';
import type { Signature } from './aws-call.ts';
import { AwsError } from './aws-error.ts';
import type { Identities, Session } from './identities.ts';
import type { Need } from './operation.ts';
import { speaksQuery } from './services-of-aws.ts';

/** The part of a call that IAM looks at. */
export interface Attempted {
  /** "ecs", "sts": services word their refusals differently. */
  readonly service: string;
  readonly region: string;
  readonly now: number;
}

/** The session that the keys belong to. Throws what AWS answers to keys that are missing, unknown, mixed up or expired. */
export function authenticate(signature: Signature | undefined, identities: Identities, { service, now }: Attempted): Session {
  const refuse = (sts: string, others: string, message: string) =>
    speaksQuery(service) ? new AwsError(sts, message, 403) : new AwsError(others, message);
  if (signature === undefined)
    throw refuse('MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  const session = identities.find(signature.accessKeyId);
  if (session === undefined || session.sessionToken !== signature.sessionToken) {
    throw refuse('InvalidClientTokenId', 'UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  if (session.expiresAt !== undefined && session.expiresAt <= now) {
    throw refuse('ExpiredToken', 'ExpiredTokenException', 'The security token included in the request is expired');
  }
  return session;
}

export type Judgement =
  | { readonly allowed: true; readonly why: string }
  | { readonly allowed: false; readonly why: string; readonly error: AwsError };

/** Whether IAM lets a session do all that a call needs. `why` says more than AWS does; the error says what AWS says. */
export function judge(needs: readonly Need[], session: Session, identities: Identities, attempted: Attempted): Judgement {
  const { caller } = session;
  const identity = identities.policiesOf({ arn: caller.roleArn, roleId: caller.roleId });
  const reasons = new Set<string>();
  for (const { action, resource, context, trust } of needs) {
    const evaluation = evaluate(
      { caller, action, resource, context: { ...contextOf(session, resource, attempted), ...context } },
      { identity, ...(session.policies === undefined ? {} : { session: session.policies }), ...(trust === undefined ? {} : { trust }) },
    );
    if (!evaluation.allowed) {
      const nearest = evaluation.nearest === undefined ? '' : `; nearest: ${evaluation.nearest}`;
      return {
        allowed: false,
        why: `${action} on ${resource} is refused ${evaluation.why}${nearest}`,
        error: denied({ action, resource }, session, attempted.service, evaluation.why),
      };
    }
    reasons.add(evaluation.why);
  }
  return { allowed: true, why: [...reasons].join('; ') || 'needs no permission' };
}

/** What AWS answers to a call that IAM refuses. STS gives no reason: neither role, nor trust, nor external ID is named. */
export function denied(
  { action, resource }: { readonly action: string; readonly resource: string },
  { caller }: Session,
  service: string,
  why: string,
): AwsError {
  const message = `User: ${callerArn(caller)} is not authorized to perform: ${action} on resource: ${resource}`;
  if (service === 'sts') return new AwsError('AccessDenied', message, 403);
  const reasoned = why === '' ? message : `${message} ${why}`;
  if (service === 'iam') return new AwsError('AccessDenied', reasoned, 403);
  return new AwsError('AccessDeniedException', reasoned, service === 'account' ? 403 : 400);
}

/** The condition keys that every call carries beside those of its caller and its own. Calls count as made over TLS, as all calls of AWS are. */
function contextOf({ tags, issuedAt }: Session, resource: string, { region, now }: Attempted): RequestContext {
  const account = resource.split(':')[4];
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': Math.floor(now / 1000),
    'aws:TokenIssueTime': new Date(issuedAt).toISOString(),
    'aws:RequestedRegion': region,
    'aws:SecureTransport': true,
    'aws:SourceIp': '127.0.0.1',
    'aws:ResourceAccount': account === '' ? undefined : account,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}
