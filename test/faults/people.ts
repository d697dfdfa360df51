import { storeServiceConfig } from '../../lib/policy/store-policy.ts';
import type { CustomerCloud } from './customer-cloud.ts';
import { functionUrlEvent } from './function-url-event.ts';
import type { Platform } from './platform.ts';
import { queueArnOf, type SimulatedCustomer } from './scenario.ts';
import type { Scheduler } from './scheduler.ts';
import type { TraceHash } from './trace-hash.ts';

const RETRY_AFTER_MS = 2_000;

/** Those who make services, connect accounts and ask the admin API. */
export class People {
  readonly #world: {
    readonly scheduler: Scheduler;
    readonly cloud: CustomerCloud;
    readonly platform: Platform;
    readonly trace: TraceHash;
  };
  readonly #tokens = new Map<string, string>();

  constructor(world: {
    readonly scheduler: Scheduler;
    readonly cloud: CustomerCloud;
    readonly platform: Platform;
    readonly trace: TraceHash;
  }) {
    this.#world = world;
  }

  /** The token of a service's report URL, as its adapters were given it. */
  tokenOf = (customer: string, service: string): string | undefined => this.#tokens.get(`${customer}/${service}`);

  /** What exists at customers' before anything begins. */
  furnish(customers: readonly SimulatedCustomer[]): void {
    const { scheduler, cloud } = this.#world;
    for (const { services } of customers)
      for (const { config, startUpMs, kind } of services) {
        const desired = Math.max(1, config.policy.min);
        const since = scheduler.now - 3_600_000;
        cloud.services.set(config.arn, {
          arn: config.arn,
          startUpMs,
          desired,
          running: desired,
          status: 'ACTIVE',
          deploying: false,
          deploymentCreatedAt: since,
          foreignAt: 0,
        });
        if (kind === 'sqs') cloud.queues.set(queueArnOf(config.arn), { arn: queueArnOf(config.arn), visible: 0, inFlight: 0 });
      }
  }

  /** As a person does who reads the answer: what could not be done, or only in part, is asked for again. */
  insist(customer: string, path: string, body: object, done: () => void = () => {}, tries = 10): void {
    this.ask(customer, path, body, (answer) => {
      if (answer !== undefined) done();
      else if (tries > 0) this.#world.scheduler.after(5_000, () => this.insist(customer, path, body, done, tries - 1));
    });
  }

  /** Asks the admin API in the name of a customer. */
  ask(customer: string, path: string, body: object, done: (answer: unknown) => void = () => {}): void {
    this.#world.platform.invoke(
      'admin',
      functionUrlEvent('POST', path, JSON.stringify(body)),
      (result) => {
        const { statusCode, body: text } = result.kind === 'done' ? (result.value as { statusCode?: number; body?: string }) : {};
        this.#world.trace.note(() => `admin ${path}: ${statusCode ?? result.kind} ${text?.slice(0, 300) ?? ''}`);
        done(statusCode === 200 ? JSON.parse(text ?? '{}') : undefined);
      },
      { customer },
    );
  }

  /** Connects a customer's account and puts its services under care; asked again until it is done. */
  onboard(customer: SimulatedCustomer): void {
    const { name, accountId } = customer;
    this.ask(name, '/v1/accounts', { customer: name, accountId }, (prepared) => {
      const externalId = (prepared as { externalId?: string } | undefined)?.externalId;
      const roleArn = `arn:aws:iam::${accountId}:role/sluice/${name}`;
      if (externalId === undefined) {
        this.#world.scheduler.after(RETRY_AFTER_MS, () => this.onboard(customer));
        return;
      }
      this.#world.cloud.roles.set(roleArn, { arn: roleArn, accountId, externalId, closed: false });
      this.ask(name, '/v1/accounts/connect', { customer: name, accountId, roleArn }, (answer) => {
        if (answer === undefined) this.#world.scheduler.after(RETRY_AFTER_MS, () => this.onboard(customer));
        else this.apply(customer);
      });
    });
  }

  apply(customer: SimulatedCustomer): void {
    const services = customer.services.map(({ config }) => storeServiceConfig(config));
    this.ask(customer.name, '/v1/apply', { services }, (answer) => {
      for (const { name, token } of (answer as { services?: { name: string; token?: string }[] } | undefined)?.services ?? [])
        if (token !== undefined) this.#tokens.set(`${customer.name}/${name}`, token);
      if (customer.services.some(({ config }) => !this.#tokens.has(`${customer.name}/${config.name}`)))
        this.#world.scheduler.after(RETRY_AFTER_MS, () => this.apply(customer));
    });
  }
}
