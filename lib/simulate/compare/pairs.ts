import type { SimulationReport } from '../simulation-report.ts';

/** What a verdict is made of: means over the seeds. */
export interface Figures {
  readonly violationMinutes: number;
  /** 0..1 */
  readonly lateShare: number;
  readonly taskHours: number;
}

export interface Verdict {
  /** Of Sluice over the peer. */
  readonly verdict: 'won' | 'lost' | 'tied';
  /** The peer has both fewer violation minutes and fewer task-hours. */
  readonly dominated: boolean;
  readonly why: string;
}

export interface Pair extends Verdict {
  readonly trace: string;
  readonly peer: string;
}

/** The SLO is met where at most this share is late. */
export const SLO_LATE_SHARE = 0.01;
/** What meeting the SLO may cost for rule (a), in task-hours of the clairvoyant. */
export const SLO_COST = 1.3;
/** Differences within this share of the larger count as equal. */
const EQUAL_SHARE = 0.01;
/** So do differences of violation minutes up to one. */
const EQUAL_MINUTES = 1;

/** −1, 0 or 1 as `a` is clearly less than, as good as, or clearly more than `b`. */
function compared(a: number, b: number, within = 0): -1 | 0 | 1 {
  if (Math.abs(a - b) <= Math.max(EQUAL_SHARE * Math.max(a, b), within)) return 0;
  return a < b ? -1 : 1;
}

const comparedMinutes = (a: Figures, b: Figures) => compared(a.violationMinutes, b.violationMinutes, EQUAL_MINUTES);
const comparedHours = (a: Figures, b: Figures) => compared(a.taskHours, b.taskHours);
const meets = ({ lateShare }: Figures) => lateShare <= SLO_LATE_SHARE;

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
const number = (value: number) => Number(value.toPrecision(4)).toLocaleString('en-US');
const costs = ({ violationMinutes, taskHours }: Figures) =>
  `${number(violationMinutes)} violation minutes and ${number(taskHours)} task-hours`;

/**
 * Who did better on one trace. The first rule that speaks decides, for either side alike:
 * (a) only one meets the SLO, and does so at no more than 1.3 times the clairvoyant's task-hours: it wins;
 * (b) one has no more violation minutes and no more task-hours, and clearly less of one: it wins;
 * (c) both meet the SLO: the one with fewer task-hours wins. Else they are tied.
 * @param clairvoyant its task-hours on the trace, mean over the same seeds.
 */
export function judge(sluice: Figures, peer: Figures, clairvoyant: number, peerId: string): Verdict {
  const minutes = comparedMinutes(sluice, peer);
  const hours = comparedHours(sluice, peer);
  const dominated = minutes > 0 && hours > 0;
  const won = (why: string): Verdict => ({ verdict: 'won', dominated, why });
  const lost = (why: string): Verdict => ({ verdict: 'lost', dominated, why });

  if (meets(sluice) !== meets(peer)) {
    const one = meets(sluice) ? sluice : peer;
    const cost = one.taskHours / clairvoyant;
    if (one.taskHours <= SLO_COST * clairvoyant) {
      const name = one === sluice ? 'sluice' : peerId;
      const other = one === sluice ? peer : sluice;
      const why = `only ${name} meets the SLO (${percent(one.lateShare)} late, the other ${percent(other.lateShare)}), at ${number(cost)} × the clairvoyant's task-hours`;
      return one === sluice ? won(why) : lost(why);
    }
  }
  if (minutes <= 0 && hours <= 0 && (minutes < 0 || hours < 0)) return won(`${costs(sluice)}, ${peerId} has ${costs(peer)}`);
  if (minutes >= 0 && hours >= 0 && (minutes > 0 || hours > 0)) return lost(`${costs(sluice)}, ${peerId} has ${costs(peer)}`);
  if (meets(sluice) && meets(peer) && hours !== 0) {
    const why = `both meet the SLO; ${number(sluice.taskHours)} task-hours, ${peerId} takes ${number(peer.taskHours)}`;
    return hours < 0 ? won(why) : lost(why);
  }
  const why =
    minutes === 0 && hours === 0
      ? `as good as equal: ${costs(sluice)}, ${peerId} has ${costs(peer)}`
      : `each has less of one: ${costs(sluice)}, ${peerId} has ${costs(peer)}`;
  return { verdict: 'tied', dominated, why };
}

/** Means over the seeds. */
export function figuresOf(runs: readonly Figures[]): Figures {
  const mean = (of: (run: Figures) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    violationMinutes: mean((run) => run.violationMinutes),
    lateShare: mean((run) => run.lateShare),
    taskHours: mean((run) => run.taskHours),
  };
}

/**
 * A pair for each trace and peer, in the order of the runs. None where Sluice or the clairvoyant did not run on the trace.
 * @param isPeer references, and Sluice's own variants, form no pairs.
 */
export function pairsOf(runs: readonly SimulationReport[], isPeer: (scaler: string) => boolean): Pair[] {
  const traces = [...new Set(runs.map(({ trace }) => trace))];
  return traces.flatMap((trace) => {
    const here = runs.filter((run) => run.trace === trace);
    const of = (scaler: string) => here.filter((run) => run.scaler === scaler);
    const sluice = of('sluice');
    const clairvoyant = of('clairvoyant');
    if (sluice.length === 0 || clairvoyant.length === 0) return [];
    const hours = figuresOf(clairvoyant).taskHours;
    const peers = [...new Set(here.map(({ scaler }) => scaler))].filter(isPeer);
    return peers.map((peer) => ({ trace, peer, ...judge(figuresOf(sluice), figuresOf(of(peer)), hours, peer) }));
  });
}
