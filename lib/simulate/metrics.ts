import type { Model } from './model.ts';
import type { SimulationReport } from './simulation-report.ts';
import { WaitBuckets } from './wait-buckets.ts';

/** A change of direction within this time of the change before is a reversal. */
const REVERSAL_S = 600;
/** The share of late requests at which p95 is over the SLO. */
const P95 = 0.05;
const SLOT_S = 10;

/** What one simulated second adds to the metrics. */
export interface Second {
  readonly model: Model;
  readonly running: number;
  readonly desired: number;
  /** Tasks paid for, those that are stopping included. */
  readonly billed: number;
  /** Tasks needed. */
  readonly demand: number;
}

type Metrics = Omit<SimulationReport, 'trace' | 'scaler' | 'seed' | 'parameters'>;

/** Counts what was over a limit in consecutive stretches of equal length. */
class Stretches {
  #total = 0;
  #late = 0;
  over = 0;
  #run = 0;
  longestRun = 0;
  add(total: number, late: number): void {
    this.#total += total;
    this.#late += late;
  }
  /** @param stuck something waits longer than the SLO: where nothing began, that alone tells. */
  end(stuck: boolean): void {
    const over = this.#total > 0 ? this.#late > P95 * this.#total : stuck;
    this.#run = over ? this.#run + 1 : 0;
    if (over) this.over++;
    if (this.#run > this.longestRun) this.longestRun = this.#run;
    this.#total = 0;
    this.#late = 0;
  }
}

/**
 * The metrics of one run, added up second by second.
 *
 * Elasticity is that of the SPEC Research Group (Herbst et al., "Quantifying Cloud Performance and Dependability", ACM TOMPECS 3(4),
 * 2018; also Ilyushkin et al., ICPE 2017; Bauer et al., IEEE TPDS 30(4), 2019), with demand r and supply s = ready tasks:
 * θ_U = 100/T ∫ max(r − s, 0)/r dt and θ_O = 100/T ∫ max(s − r, 0)/r dt over the time in which r > 0 (accuracy); τ_U, τ_O = 100/T ∫ [s < r], [s > r] dt
 * (timeshare); υ = 100/(T − 1) Σ min(|sgn Δs − sgn Δr|, 1) Δt (instability), in percent, Δ from second to second.
 */
export class MetricsCollector {
  readonly #sloMs: number;
  readonly #waits = new WaitBuckets();
  readonly #minutes = new Stretches();
  readonly #slots = new Stretches();
  #seconds = 0;
  #late = 0;
  #taskSeconds = 0;
  #overSeconds = 0;
  #maxTasks = 0;
  #spec = { thetaU: 0, thetaO: 0, withDemand: 0, under: 0, over: 0, unstable: 0 };
  #before: { running: number; demand: number } | undefined;
  #actions = 0;
  #reversals = 0;
  #lastAction: { at: number; up: boolean } | undefined;

  constructor(sloMs: number) {
    this.#sloMs = sloMs;
  }

  /** The scaler's change of the desired count took effect. */
  action(at: number, from: number, to: number): void {
    const up = to > from;
    const last = this.#lastAction;
    this.#actions++;
    if (last !== undefined && last.up !== up && at - last.at <= REVERSAL_S) this.#reversals++;
    this.#lastAction = { at, up };
  }

  second({ model, running, desired, billed, demand }: Second): void {
    const { waits } = model;
    for (let i = 0; i < waits.length; i++) this.#waits.add(waits.ms[i] as number, waits.buckets[i] as number, waits.weights[i] as number);
    const late = waits.over(this.#sloMs);
    this.#late += late;
    this.#minutes.add(waits.total, late);
    this.#slots.add(waits.total, late);
    this.#seconds++;
    const stuck = model.oldestMs > this.#sloMs;
    if (this.#seconds % 60 === 0) this.#minutes.end(stuck);
    if (this.#seconds % SLOT_S === 0) this.#slots.end(stuck);
    this.#taskSeconds += billed;
    this.#overSeconds += Math.max(0, running - demand);
    this.#maxTasks = Math.max(this.#maxTasks, desired, running);
    this.#elasticity(running, demand);
  }

  #elasticity(supply: number, demand: number): void {
    const spec = this.#spec;
    if (demand > 0) {
      spec.withDemand++;
      spec.thetaU += Math.max(0, demand - supply) / demand;
      spec.thetaO += Math.max(0, supply - demand) / demand;
    }
    if (supply < demand) spec.under++;
    if (supply > demand) spec.over++;
    const before = this.#before;
    if (before !== undefined)
      spec.unstable += Math.min(1, Math.abs(Math.sign(supply - before.running) - Math.sign(demand - before.demand)));
    this.#before = { running: supply, demand };
  }

  /** @param waitingLate what waits at the end longer than the SLO: it is late, too. */
  finish(model: Model, waitingLate: number): Metrics {
    const { quantile, count } = { quantile: (share: number) => round(this.#waits.quantile(share), 2), count: this.#waits.count };
    const { thetaU, thetaO, withDemand, under, over, unstable } = this.#spec;
    const percent = (sum: number, of: number) => (of > 0 ? round((100 * sum) / of, 3) : 0);
    if (this.#seconds % 60 > 0) this.#minutes.end(model.oldestMs > this.#sloMs);
    return {
      violationMinutes: this.#minutes.over,
      lateShare: count + waitingLate > 0 ? round((this.#late + waitingLate) / (count + waitingLate), 6) : 0,
      queueTimeMs: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: round(this.#waits.maxMs, 2) },
      taskHours: round(this.#taskSeconds / 3_600, 3),
      overProvisionedTaskHours: round(this.#overSeconds / 3_600, 3),
      actions: this.#actions,
      reversals: this.#reversals,
      maxTasks: this.#maxTasks,
      lostJobs: Math.round(model.totals.killed),
      recoverySeconds: this.#slots.longestRun * SLOT_S,
      spec: {
        thetaU: percent(thetaU, withDemand),
        thetaO: percent(thetaO, withDemand),
        tauU: percent(under, this.#seconds),
        tauO: percent(over, this.#seconds),
        upsilon: percent(unstable, this.#seconds - 1),
      },
    };
  }
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
