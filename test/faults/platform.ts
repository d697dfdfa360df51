import type { Clock } from '../../lib/clock.ts';
import type { Journal } from '../../lib/journal.ts';
import { lambdaContext } from '../../lib/local/lambda-context.ts';
import type { Random } from '../../lib/random.ts';
import { type Dice, dice } from './dice.ts';
import type { ClientConfig, SdkCall } from './gate.ts';
import type { Scheduler, Timer } from './scheduler.ts';
import type { CallFate, Weather } from './weather.ts';

export const FUNCTIONS = ['ingest', 'tick', 'collect', 'scale', 'discover', 'admin'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** As in serverless.yml. */
const TIMEOUT_MS: Readonly<Record<FunctionName, number>> = {
  ingest: 10_000,
  tick: 55_000,
  collect: 59_000,
  scale: 30_000,
  discover: 300_000,
  admin: 30_000,
};

export type Invoked =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'crashed' };

type Handler = (event: never, context: ReturnType<typeof lambdaContext>) => Promise<unknown>;

/** What a handler is made of in one environment. */
export interface Surroundings {
  readonly id: string;
  readonly name: FunctionName;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
}

/** One environment of a function: it lives from invocation to invocation with what it remembers, until it dies. */
export interface Environment extends Surroundings {
  readonly handler: Handler;
  /** How far its clock is off, ms. */
  readonly skewMs: number;
  alive: boolean;
  /** Customers in whose name an invocation failed here, and when: reads that it had under way may go on in the next one. */
  readonly brokeOff: Map<string, number>;
  invocation: Invocation | undefined;
}

/** What one invocation has asked for so far, as the checkers need it. */
export interface Invocation {
  readonly number: number;
  readonly event: unknown;
  readonly about: unknown;
  readonly startedAt: number;
  /** When each item was last read consistently, by key. */
  readonly reads: Map<string, number>;
  /** What a customer's AWS last told of each service. */
  readonly described: Map<string, { readonly at: number; readonly desired: number }>;
  readonly done: (result: Invoked) => void;
  timeout?: Timer;
  /** A call of the store failed in it. */
  storeFailed: boolean;
}

/** Carries out calls at the moment at which they take effect; throws at once or answers later. */
export interface Outside {
  perform(environment: Environment, call: SdkCall, fate: CallFate): Promise<unknown>;
  /** For the course of events, told where somebody watches. */
  note(text: () => string): void;
}

export interface PlatformOptions {
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly outside: Outside;
  readonly make: (surroundings: Surroundings) => Handler;
  /** Whether clocks of environments differ. */
  readonly skewMs: number;
}

/** Lambda: environments that come and go, and the gate that each of their calls passes, where chance decides what becomes of it. */
export class Platform {
  readonly #options: PlatformOptions;
  readonly #dice: Dice;
  readonly #environments = new Map<string, Environment>();
  readonly #warm = new Map<FunctionName, Environment[]>();
  #made = 0;
  #invocations = 0;

  constructor(options: PlatformOptions) {
    this.#options = options;
    this.#dice = dice(options.seed, 'platform');
  }

  environment = (id: string): Environment | undefined => this.#environments.get(id);

  /** Invokes a function; an environment that is free takes it, or a new one. */
  invoke(name: FunctionName, event: unknown, done: (result: Invoked) => void, about?: unknown): void {
    const { scheduler, outside } = this.#options;
    const free = this.#warm.get(name) ?? [];
    const reuse = free.length > 0 && this.#dice.chance(0.9);
    const environment = (reuse ? free.splice(this.#dice.int(0, free.length - 1), 1)[0] : undefined) ?? this.#create(name);
    const number = ++this.#invocations;
    const invocation: Invocation = {
      number,
      event,
      about,
      startedAt: scheduler.now,
      reads: new Map(),
      described: new Map(),
      done,
      storeFailed: false,
    };
    environment.invocation = invocation;
    outside.note(() => `${environment.id} begins invocation ${number}`);
    invocation.timeout = scheduler.after(TIMEOUT_MS[name] + 1, () => this.kill(environment, 'timed out'));
    const context = lambdaContext(name, `request-${number}`, TIMEOUT_MS[name], environment.clock.now);
    scheduler.wake();
    environment.handler(event as never, context).then(
      (value) => this.#end(environment, invocation, { kind: 'done', value }),
      (error: unknown) => this.#end(environment, invocation, { kind: 'failed', error }),
    );
  }

  /** The environment dies where it stands: no call of it is answered any more, and nothing that it remembered is left. */
  kill(environment: Environment, why: string): void {
    if (!environment.alive) return;
    environment.alive = false;
    this.#environments.delete(environment.id);
    const { name, invocation } = environment;
    this.#warm.set(
      name,
      (this.#warm.get(name) ?? []).filter((one) => one !== environment),
    );
    this.#options.outside.note(() => `${environment.id} dies: ${why}`);
    if (invocation === undefined) return;
    if (invocation.timeout) invocation.timeout.cancelled = true;
    environment.invocation = undefined;
    this.#options.scheduler.after(1, () => invocation.done({ kind: 'crashed' }));
  }

  killAll(why: string): void {
    for (const environment of [...this.#environments.values()]) this.kill(environment, why);
  }

  /** What a function does that hands work to another. */
  hand(environment: Surroundings, name: FunctionName, event: unknown): Promise<void> {
    const input = { name, event: JSON.parse(JSON.stringify(event)) as unknown };
    return this.send({ endpoint: environment.id }, 'lambda', 'Invoke', input).then(() => undefined);
  }

  send(config: ClientConfig, service: string, command: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const environment = this.#environments.get(config.endpoint ?? '');
    // A dead one goes on in nobody's sight, up to its next call.
    if (environment === undefined) return new Promise(() => {});
    const { scheduler, weather, outside } = this.#options;
    const call: SdkCall = { service, command, input, accessKeyId: config.credentials?.accessKeyId, region: config.region };
    const fate = weather.fate(call, scheduler.now, partitionOf(call));
    return new Promise((resolve, reject) => {
      scheduler.after(fate.there, () => {
        if (!environment.alive) return;
        if (fate.crash === 'before') return this.kill(environment, `before ${command}`);
        const answer = outside.perform(environment, call, fate);
        answer.catch(() => {});
        if (fate.crash === 'after') return this.kill(environment, `after ${command}`);
        scheduler.after(fate.back, () => {
          if (!environment.alive) return;
          scheduler.wake();
          answer.then(resolve, reject);
        });
      });
    });
  }

  setTimeout(fire: () => void, ms: number): Timer {
    const { scheduler } = this.#options;
    return scheduler.after(ms, () => {
      scheduler.wake();
      fire();
    });
  }

  clearTimeout(timer: unknown): void {
    if (typeof timer === 'object' && timer !== null && 'cancelled' in timer) timer.cancelled = true;
  }

  #create(name: FunctionName): Environment {
    const { scheduler, make, skewMs, outside } = this.#options;
    const id = `${name}-${++this.#made}`;
    const off = Math.round(this.#dice.between(-skewMs, skewMs));
    const own = dice(this.#options.seed, id);
    const now = () => Math.floor(scheduler.now) + off;
    const clock: Clock = {
      now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const wake = () => {
            scheduler.wake();
            resolve();
          };
          const timer = scheduler.after(ms, wake);
          signal?.addEventListener('abort', () => {
            timer.cancelled = true;
            resolve();
          });
        }),
    };
    const journal: Journal = {
      decision: ({ customer, service }, decision) =>
        outside.note(() => `${id} says: ${customer}/${service} ${decision.code} ${decision.from}→${decision.to}`),
      outcome: ({ customer, service }, outcome) =>
        outside.note(() => `${id} says: ${customer}/${service} ${outcome.outcome} (${outcome.why})`),
      problem: ({ customer, service }, problem) => outside.note(() => `${id} says: ${customer}/${service} ${problem.code}`),
      warn: (message, fields) => outside.note(() => `${id} warns: ${message} ${JSON.stringify(fields)}`),
    };
    const surroundings: Surroundings = { id, name, clock, random: { bytes: own.bytes }, journal };
    const environment: Environment = {
      ...surroundings,
      handler: make(surroundings),
      skewMs: off,
      alive: true,
      brokeOff: new Map(),
      invocation: undefined,
    };
    this.#environments.set(id, environment);
    return environment;
  }

  #end(environment: Environment, invocation: Invocation, result: Invoked): void {
    if (environment.invocation !== invocation) return;
    environment.invocation = undefined;
    if (invocation.timeout) invocation.timeout.cancelled = true;
    this.#options.outside.note(() => `${environment.id} ends invocation ${invocation.number}: ${result.kind}`);
    const customer = customerOf(invocation);
    const status = result.kind === 'done' ? (result.value as { statusCode?: number } | undefined)?.statusCode : undefined;
    if (customer !== undefined && (result.kind === 'failed' || (status ?? 200) >= 500))
      environment.brokeOff.set(customer, this.#options.scheduler.now);
    const free = this.#warm.get(environment.name) ?? [];
    if (environment.alive) this.#warm.set(environment.name, [...free, environment]);
    invocation.done(result);
  }
}

/** In whose name an invocation is, where it is in somebody's. */
export function customerOf(invocation: Invocation | undefined): string | undefined {
  const about = invocation?.about;
  return typeof about === 'object' && about !== null && 'customer' in about ? String(about.customer) : undefined;
}

/** The partition that a call of the table is about, where it is about one. */
function partitionOf({ service, input }: SdkCall): string | undefined {
  if (service !== 'dynamodb') return undefined;
  const holder = (input['Key'] ?? input['Item']) as Readonly<Record<string, { S?: string }>> | undefined;
  if (holder !== undefined) return holder['pk']?.S;
  const values = input['ExpressionAttributeValues'] as Readonly<Record<string, { S?: string }>> | undefined;
  return values?.[':0']?.S;
}
