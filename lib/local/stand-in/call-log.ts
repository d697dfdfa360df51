import type { AwsCall } from './aws-call.ts';
import type { Session } from './identities.ts';
import type { Parameters } from './operation.ts';

/** One call that came in, for whoever wants to know what was sent. */
export interface RecordedCall {
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** "ecs", "sts". */
  readonly service: string;
  readonly action: string;
  readonly region: string;
  /** Exactly as sent, but for an external ID and a web identity token, which are never shown. */
  readonly parameters: Parameters;
  /** The account acted in: that of the session, or of the role that is to be assumed. Null where the caller is unknown. */
  readonly account: string | null;
  /** Of the session that calls, or that AssumeRole would make. */
  readonly sessionName: string | null;
  /** AssumeRole: whether it was sent one. Other calls: whether their session was made with one. */
  readonly externalId: boolean;
  /** Whether IAM let it through (and no fault denied it); what it came to is in `why` and `error`. */
  readonly allowed: boolean;
  readonly why: string;
  /** AWS's name for the error it was answered with, if it was. */
  readonly error?: string;
}

/** The newest calls, oldest first. */
export interface CallLog {
  add(call: RecordedCall): void;
  all(): readonly RecordedCall[];
  clear(): void;
}

export function createCallLog(most = 10_000): CallLog {
  let calls: RecordedCall[] = [];
  return {
    add(call) {
      calls.push(call);
      // Cut in batches: shifting each time would move the whole list.
      if (calls.length >= most * 1.1 + 1) calls = calls.slice(-most);
    },
    all: () => calls.slice(-most),
    clear() {
      calls = [];
    },
  };
}

/** What the log keeps of a call; never an external ID. */
export function whatWasSent(
  { service, action, region, parameters }: AwsCall,
  session: Session | undefined,
): Omit<RecordedCall, 'at' | 'allowed' | 'why'> {
  const { ExternalId: externalId, WebIdentityToken: _token, ...rest } = parameters;
  const own = {
    account: session?.caller.accountId ?? null,
    sessionName: session?.caller.sessionName ?? null,
    externalId: session?.externalId ?? false,
  };
  if (service !== 'sts' || !action.startsWith('AssumeRole')) return { service, action, region, parameters, ...own };
  const { RoleArn: roleArn, RoleSessionName: sessionName } = rest;
  const account = typeof roleArn === 'string' ? (roleArn.split(':')[4] ?? null) : own.account;
  return {
    service,
    action,
    region,
    parameters: rest,
    account,
    sessionName: typeof sessionName === 'string' ? sessionName : own.sessionName,
    externalId: externalId !== undefined,
  };
}
