import { serviceArn } from '../accounts/service-arn.ts';
import { appliedAnswer, connectedAnswer, preparedAnswer, readAnswer } from '../cli/admin-answers.ts';
import type { AdminClient } from '../cli/admin-client.ts';
import { type Source, sourcesOf } from '../collect/sources.ts';
import type { Journal } from '../journal.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import type { ReadyService } from './output.ts';

/** What a customer does between the two steps of connecting an account: makes the role, and says its ARN. */
export type MakeRole = (account: {
  readonly customer: string;
  readonly accountId: string;
  readonly externalId: string;
  readonly serviceArns: readonly string[];
  /** Where policies go by queues or metrics of the account: the queues. */
  readonly queueArns?: readonly string[];
}) => Promise<string>;

export interface CareDeps {
  readonly admin: AdminClient;
  readonly makeRole: MakeRole;
  readonly journal: Pick<Journal, 'problem' | 'warn'>;
  readonly now: () => number;
  /** Where reports go, without the token. */
  readonly reportBase: string;
}

/** Connects one account of one customer: external ID first, then the role, then the proof. False: its services are told as problems. */
async function connect(deps: CareDeps, services: readonly ServiceConfig[], sources: readonly Source[]): Promise<boolean> {
  const [first] = services;
  if (first === undefined) return false;
  const { customer } = first;
  const { accountId } = serviceArn(first.arn);
  const refused = (code: string, why: string) => {
    for (const { name } of services) deps.journal.problem({ customer, service: name }, { code, why, at: deps.now() });
    return false;
  };
  const prepared = readAnswer(preparedAnswer, await deps.admin.post('/v1/accounts', { customer, accountId }));
  if ('prepared' in prepared) return refused(prepared.code, prepared.why);
  const { externalId } = prepared;
  const own = sources.filter((source) => source.customer === customer && source.accountId === accountId);
  const queueArns = own.flatMap(({ ask }) => (ask.kind === 'depth' ? [ask.queueArn] : []));
  const serviceArns = services.map((service) => service.arn);
  const roleArn = await deps.makeRole({ customer, accountId, externalId, serviceArns, ...(own.length > 0 ? { queueArns } : {}) });
  const result = readAnswer(connectedAnswer, await deps.admin.post('/v1/accounts/connect', { customer, accountId, roleArn }));
  if (!result.connected) return refused(result.code, result.why);
  for (const { code, why } of result.warnings) deps.journal.warn(why, { code, account: accountId });
  return true;
}

/**
 * Puts services under care as an operator would through the admin API: each account connected with proof, then the
 * services applied. Returns those that were taken; the refused ones are told by the journal.
 */
export async function putUnderCare(deps: CareDeps, services: readonly ServiceConfig[]): Promise<ReadyService[]> {
  const accounts = new Map<string, ServiceConfig[]>();
  for (const service of services) {
    const key = `${service.customer}#${serviceArn(service.arn).accountId}`;
    accounts.set(key, [...(accounts.get(key) ?? []), service]);
  }
  const sources = services.flatMap(sourcesOf);
  const connected: ServiceConfig[] = [];
  for (const account of accounts.values()) if (await connect(deps, account, sources)) connected.push(...account);
  if (connected.length === 0) return [];
  const { services: applied } = readAnswer(
    appliedAnswer,
    await deps.admin.post('/v1/apply', { services: connected.map(storeServiceConfig) }),
  );
  return connected.flatMap(({ customer, name, group, arn, policy }) => {
    const answer = applied.find((service) => service.customer === customer && service.name === name);
    if (answer?.token === undefined) return [];
    return [
      {
        customer,
        service: name,
        group,
        arn,
        mode: policy.mode,
        min: policy.min,
        max: policy.max,
        reportUrl: `${deps.reportBase}/${answer.token}`,
      },
    ];
  });
}
