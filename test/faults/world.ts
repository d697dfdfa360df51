import type { Item } from '../../lib/stores/table.ts';
import { Adapters, type SentReport } from './adapters.ts';
import { type CloudService, CustomerCloud } from './customer-cloud.ts';
import { DecisionStream } from './decision-stream.ts';
import { functionUrlEvent } from './function-url-event.ts';
import type { SdkCall } from './gate.ts';
import { checkBounds } from './invariants/bounds.ts';
import { checkReturned } from './invariants/explained.ts';
import { checkFresh, Heard } from './invariants/fresh.ts';
import { checkControlWrite, checkStanding } from './invariants/one-writer.ts';
import { ReportChecks } from './invariants/reports.ts';
import { type Invariant, MOST_SKEW_MS, type Scene } from './invariants/scene.ts';
import { checkAssumed, checkDenied } from './invariants/sessions.ts';
import { checkTenant } from './invariants/tenants.ts';
import { makeHandler, type SystemUnderTest } from './make-handler.ts';
import { People } from './people.ts';
import { type Environment, type FunctionName, type Invoked, type Outside, Platform } from './platform.ts';
import type { Scenario } from './scenario.ts';
import { Scheduler } from './scheduler.ts';
import type { Session } from './session.ts';
import { SimulatedTable } from './simulated-table.ts';
import { TraceHash } from './trace-hash.ts';
import { Truth } from './truth.ts';
import type { CallFate, Weather } from './weather.ts';

export interface Violation {
  readonly invariant: Invariant;
  readonly why: string;
  readonly at: number;
  readonly step: number;
}

/** A large seed has some hundreds of thousands of steps. */
const MOST_STEPS = 3_000_000;

/** Everything of one seed, joined: the system in its environments, its table, customers' AWS, applications, people, and the checkers between. */
export class World {
  readonly scenario: Scenario;
  readonly weather: Weather;
  readonly scheduler: Scheduler;
  readonly truth = new Truth();
  readonly heard = new Heard();
  readonly table: SimulatedTable;
  readonly cloud: CustomerCloud;
  readonly platform: Platform;
  readonly stream: DecisionStream;
  readonly adapters: Adapters;
  readonly people: People;
  readonly trace: TraceHash;
  readonly scene: Scene;
  readonly violations: Violation[] = [];
  /** Told of each control item with a new decision to act upon: what may happen while that is under way. */
  disturb: ((control: Item) => void) | undefined;
  readonly #reports: ReportChecks;

  constructor(system: SystemUnderTest, scenario: Scenario, weather: Weather, told: ((line: string) => void) | undefined) {
    const { seed } = scenario;
    this.scenario = scenario;
    this.weather = weather;
    this.scheduler = new Scheduler(scenario.start, MOST_STEPS);
    this.trace = new TraceHash(this.scheduler, told);
    this.table = new SimulatedTable(this.scheduler, (change) => {
      this.truth.take(change, this.scheduler.now);
      checkControlWrite(this.scene, change);
      this.#reports.stored(change);
      if (typeof change.new?.['act'] === 'string' && change.new['act'] !== change.old?.['act']) this.disturb?.(change.new);
      this.stream.push(change);
    });
    this.cloud = new CustomerCloud(this.scheduler, {
      assumed: (_by, input, session) => checkAssumed(this.scene, input, session),
      described: (by, _session, arns) => this.#described(by, arns),
      updated: (by, session, input, service) => this.#updated(by, session, input, service),
      depthTold: (arn) => this.heard.depth(arn, this.scheduler.now),
    });
    const outside: Outside = {
      perform: (environment, call, fate) => this.#perform(environment, call, fate),
      note: (text) => this.trace.note(text),
    };
    this.platform = new Platform({
      seed,
      scheduler: this.scheduler,
      weather,
      outside,
      skewMs: MOST_SKEW_MS,
      make: (surroundings) => makeHandler(system, surroundings, (name, event) => this.platform.hand(surroundings, name, event)),
    });
    this.people = new People({ scheduler: this.scheduler, cloud: this.cloud, platform: this.platform, trace: this.trace });
    this.stream = new DecisionStream({
      seed,
      scheduler: this.scheduler,
      weather,
      platform: this.platform,
      returned: (records, failed) => checkReturned(this.scene, records, failed),
    });
    this.adapters = new Adapters({ scenario, scheduler: this.scheduler, weather, cloud: this.cloud, post: (report) => this.#post(report) });
    this.scene = {
      scenario,
      scheduler: this.scheduler,
      truth: this.truth,
      cloud: this.cloud,
      environment: (id) => this.platform.environment(id),
      lostTokens: this.#lostTokens,
      fail: (invariant, why) => {
        this.trace.note(() => `VIOLATION of ${invariant}: ${why}`);
        this.violations.push({ invariant, why, at: this.scheduler.now, step: this.scheduler.steps });
      },
    };
    this.#reports = new ReportChecks(this.scene);
    const { platform } = this;
    globalThis.sluiceGate = {
      send: (...call) => platform.send(...call),
      setTimeout: (fire, ms) => platform.setTimeout(fire, ms),
      clearTimeout: (timer) => platform.clearTimeout(timer),
      noDate: () => {
        throw new Error('the system asked the machine for the time');
      },
      noRandom: () => {
        throw new Error('the system asked the machine for chance');
      },
    };
  }

  /** Lambda's own delivery of an event that comes without anybody waiting for it. */
  deliver(name: FunctionName, event: unknown, kind: 'schedule' | 'invocation'): void {
    const { weather, scheduler } = this;
    const { delivery } = weather.rates;
    if (weather.strikes(`${kind}-lost`, delivery * 0.5, scheduler.now)) return;
    const late = kind === 'schedule' && weather.strikes('schedule-late', delivery * 0.5, scheduler.now) ? 25_000 : 0;
    const times = weather.strikes(`${kind}-duplicate`, delivery * 0.5, scheduler.now) ? 2 : 1;
    for (let i = 0; i < times; i++) scheduler.after(20 + late + i * 40, () => this.platform.invoke(name, event, () => {}));
  }

  #post(report: SentReport, tries = 1): void {
    const token = this.people.tokenOf(report.customer, report.service);
    if (token === undefined) return;
    this.#reports.sent(report);
    const { weather, scheduler } = this;
    const { delivery } = weather.rates;
    if (weather.strikes('report-lost', delivery * 0.3, scheduler.now)) return;
    const late = weather.strikes('report-late', delivery * 0.3, scheduler.now);
    const twice = weather.strikes('report-duplicate', delivery, scheduler.now);
    const after = late ? 2_000 + ((Number(report.id) * 7_919) % 420_000) : 15;
    const arrive = (again: boolean) => {
      const event = functionUrlEvent('POST', `/${token}/v3/reports`, report.body);
      this.heard.report(report, scheduler.now);
      const about = { customer: report.customer, report };
      this.platform.invoke(
        'ingest',
        event,
        (result) => {
          const status = this.#answered(report, result, this.#troubled.has(about));
          // As the adapters do: the same body again where the answer was no good.
          if (!again && tries < 3 && (status === undefined || status >= 500)) scheduler.after(1_000, () => this.#post(report, tries + 1));
        },
        about,
      );
    };
    scheduler.after(after, () => arrive(false));
    if (twice) scheduler.after(after + ((Number(report.id) * 104_729) % 90_000), () => arrive(true));
  }

  #answered(report: SentReport, result: Invoked, troubled: boolean): number | undefined {
    const status = this.#reports.answered(report, result, troubled);
    const key = `${report.customer}/${report.service}`;
    if (status === 401) this.#lostTokens.add(key);
    else if (status === 200) this.#lostTokens.delete(key);
    return status;
  }

  /** What those invocations are about that our own store failed, or kept waiting: of a report that is delivered twice each by itself. */
  readonly #troubled = new WeakSet<object>();
  readonly #lostTokens = new Set<string>();

  #perform(environment: Environment, call: SdkCall, fate: CallFate): Promise<unknown> {
    const run = (): Promise<unknown> => {
      if (call.service === 'dynamodb') return this.#atTable(environment, call, fate);
      try {
        return Promise.resolve(this.#atWorld(environment, call, fate));
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    if (fate.error !== undefined || fate.back > 1_000) {
      const about = environment.invocation?.about;
      if (typeof about === 'object' && about !== null) this.#troubled.add(about);
    }
    const answer = fate.error !== undefined && fate.after !== true ? Promise.reject(fate.error) : run();
    this.trace.call(environment.id, call, fate);
    if (fate.repeated) {
      answer.catch(() => {});
      return run();
    }
    if (fate.error === undefined) return answer;
    answer.catch(() => {});
    return Promise.reject(fate.error);
  }

  #atTable(environment: Environment, call: SdkCall, fate: CallFate): Promise<unknown> {
    checkTenant(this.scene, environment, call);
    for (const key of consistentlyRead(call)) environment.invocation?.reads.set(key, this.scheduler.now);
    return this.table.execute(call, {
      ...(fate.lagMs === undefined ? {} : { lagMs: fate.lagMs }),
      ...(fate.partial === undefined ? {} : { partial: fate.partial }),
    });
  }

  #atWorld(environment: Environment, call: SdkCall, fate: CallFate): unknown {
    if (call.service === 'lambda') {
      const { name, event } = call.input as { name: FunctionName; event: unknown };
      this.deliver(name, event, 'invocation');
      return {};
    }
    const session = this.cloud.sessions.get(call.accessKeyId ?? '');
    if (fate.expires && session) session.expiresAt = this.scheduler.now;
    // Nothing is told by an answer that lacks its number.
    if (fate.incomplete && call.service === 'sqs') return { Attributes: { ApproximateNumberOfMessagesNotVisible: '0' } };
    const answer = this.cloud.execute(environment.id, call);
    if (!fate.incomplete) return answer;
    const { services = [], ...rest } = answer as { services?: { desiredCount?: number }[] };
    return { ...rest, services: services.map(({ desiredCount: _left, ...service }) => service) };
  }

  #described(by: string, arns: readonly string[]): void {
    const invocation = this.platform.environment(by)?.invocation;
    for (const arn of arns) {
      const service = this.cloud.services.get(arn);
      if (service) invocation?.described.set(arn, { at: this.scheduler.now, desired: service.desired });
    }
  }

  #updated(by: string, session: Session, input: Readonly<Record<string, unknown>>, service: CloudService | undefined) {
    const { scene, truth } = this;
    if (session.name.split('.')[2] === 'prove') {
      const probe = String(input['service']).startsWith('sluice-probe-') && input['desiredCount'] === undefined && service === undefined;
      if (!probe) scene.fail('1 bounds', `the proof of a role sent ${JSON.stringify(input)}`);
      return;
    }
    const known = truth.decisions.get(session.name.split('.').at(-1) ?? '');
    if (known === undefined)
      return scene.fail('3 one decision wins', `${session.name} sent ${JSON.stringify(input)} for no decision that is stored`);
    if (service === undefined) return;
    this.trace.note(
      () =>
        `${by} sets ${service.arn} from ${service.desired} to ${String(input['desiredCount'])} (${known.decision.code}: ${known.decision.why})`,
    );
    checkBounds(scene, by, session, input, service, known);
    checkStanding(scene, by, session, Number(input['desiredCount']), service, known);
    checkFresh(scene, this.heard, known);
    checkDenied(scene, session, service.arn);
  }
}

/** The keys that a call reads consistently, as "pk sk". */
function consistentlyRead({ command, input }: SdkCall): string[] {
  type Wire = { readonly pk?: { readonly S?: string }; readonly sk?: { readonly S?: string } };
  const nameOf = (key: Wire) => `${key.pk?.S ?? ''} ${key.sk?.S ?? ''}`;
  if (command === 'GetItem') return input['ConsistentRead'] === true ? [nameOf(input['Key'] as Wire)] : [];
  if (command !== 'BatchGetItem') return [];
  const tables = Object.values(input['RequestItems'] as Record<string, { Keys: Wire[]; ConsistentRead: boolean }>);
  return tables.flatMap(({ Keys, ConsistentRead }) => (ConsistentRead ? Keys.map(nameOf) : []));
}
