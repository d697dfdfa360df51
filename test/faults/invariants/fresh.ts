import type { ServiceConfig, Target } from '../../../lib/policy/policy.ts';
import type { SentReport } from '../adapters.ts';
import { heldBetween, type KnownDecision } from '../truth.ts';
import { limitsAt } from './bounds.ts';
import { MOST_SKEW_MS, type Scene } from './scene.ts';

/** A slot, and the second that samples are cut to. */
const GRAIN_MS = 11_000;
/** Samples dated further ahead, or further back, are dropped. */
const AHEAD_MS = 5_000 + MOST_SKEW_MS;
const BACK_MS = 300_000 + MOST_SKEW_MS;

/** When the last true reading of each thing arrived, as it was dated. */
export class Heard {
  readonly #at = new Map<string, number>();

  /** A report that was delivered, whenever: what a clock ahead had dated too far in the future may be in the past by now. */
  report(report: SentReport, receivedAt: number): void {
    const { customer, service, group, spanMs } = report;
    const note = (key: string, newest: number | undefined, oldest: number | undefined) => {
      if (newest === undefined || oldest === undefined || oldest > receivedAt + AHEAD_MS || newest < receivedAt - BACK_MS) return;
      this.#note(key, Math.min(newest, receivedAt + AHEAD_MS));
    };
    // One without samples bears no date: it says that there are no requests when it arrives, however late that is.
    const web = report.empty ? receivedAt : report.webAt;
    note(`${customer}/${service}`, web, report.empty ? web : web && web - spanMs);
    note(`${customer}#${group} default`, report.queueAt, report.queueAt);
  }

  /** A depth that SQS told. */
  depth(arn: string, at: number): void {
    this.#note(arn, at);
  }

  /** The newest reading that a target of a service can have gone by. */
  newest({ customer, group, name }: ServiceConfig, target: Target): number {
    const of = (key: string) => this.#at.get(key) ?? Number.NEGATIVE_INFINITY;
    if (target.kind === 'job-latency' || target.kind === 'job-depth') return of(`${customer}#${group} default`);
    if (target.kind === 'metric') return target.source.from === 'sqs' ? of(target.source.queueArn) : Number.NEGATIVE_INFINITY;
    return of(`${customer}/${name}`);
  }

  #note(key: string, at: number): void {
    this.#at.set(key, Math.max(at, this.#at.get(key) ?? Number.NEGATIVE_INFINITY));
  }
}

/** Invariant 2: a count is lowered only on readings that are known and fresh, unless a lowered cap asks for it. */
export function checkFresh(scene: Scene, heard: Heard, known: KnownDecision): void {
  const { decision, storedAt } = known;
  if (decision.kind !== 'scale' || decision.to >= decision.from) return;
  const configs = heldBetween(scene.truth.configs.get(`${known.customer}/${known.service}`), storedAt - 30_000, storedAt);
  const excused = configs.some((config) => config !== undefined && limitsAt(config, storedAt + MOST_SKEW_MS).cap < decision.from);
  if (excused || configs.some((config) => config === undefined)) return;
  const restores = decision.code === 'DeployResetCount';
  for (const config of configs.slice(0, 1)) {
    if (config === undefined || restores) continue;
    for (const target of config.policy.targets) {
      const stale =
        target.kind === 'metric'
          ? Math.max(config.policy.behavior.staleAfterMs, 2_500 * target.everySeconds)
          : config.policy.behavior.staleAfterMs;
      const age = decision.at - heard.newest(config, target);
      if (age > stale + GRAIN_MS + 2 * MOST_SKEW_MS)
        scene.fail(
          '2 unknown never scales in',
          `${decision.id} lowers ${known.customer}/${known.service} from ${decision.from} to ${decision.to} (${decision.code}); the last reading of its ${target.kind} was ${Math.round(age / 1_000)} s old`,
        );
    }
  }
}
