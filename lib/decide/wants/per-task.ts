import type { Facts } from '../facts.ts';
import { amount, percent, tasks } from '../sentence.ts';
import { wholeTasks } from '../whole-tasks.ts';
import type { Want } from './want.ts';

export interface Load {
  readonly total: number;
  readonly newest?: number;
  readonly perTask: number;
  /** From zero, only more than this wakes the service. */
  readonly activation: number;
  readonly label: string;
}

/**
 * `⌈total ÷ per task⌉`, whatever the count is now, as KEDA gives it to HPA (an external metric with an
 * AverageValue); no change while the work per task is within the dead band, as HPA's tolerance. From
 * zero nothing starts unless the total is over the activation threshold, and then at least one task.
 */
export function perTaskWant(load: Load, facts: Facts): Want {
  const { desired } = facts.state;
  const { total, perTask, label } = load;
  const base = { rule: 'per-task', notes: [] } as const;
  const newest = wholeTasks(Math.max(total, load.newest ?? 0) / perTask);
  const share = `${label} (${amount(total)}) ÷ ${amount(perTask)} per task`;
  if (desired === 0) {
    if (total <= load.activation) {
      const why =
        total === 0 ? `${label} is 0` : `${label} (${amount(total)}) is not over ${amount(load.activation)}, from which tasks are started`;
      return { ...base, count: 0, newest: 0, code: 'BelowActivation', why };
    }
    const count = Math.max(1, wholeTasks(total / perTask));
    return { ...base, count, newest: Math.max(count, newest), code: 'MoreThanPerTask', why: `${share} makes ${tasks(count)}` };
  }
  const ratio = total / (perTask * desired);
  const band = facts.policy.behavior.deadBand;
  if (total > 0 && Math.abs(ratio - 1) <= band) {
    return { ...base, count: desired, newest, code: 'WithinDeadBand', why: `${share} is within ${percent(band)} of ${tasks(desired)}` };
  }
  const count = wholeTasks(total / perTask);
  const code = count > desired ? 'MoreThanPerTask' : count < desired ? 'LessThanPerTask' : 'WithinDeadBand';
  return { ...base, count, newest, code, why: `${share} makes ${tasks(count)}` };
}

export interface Share {
  readonly value: number;
  readonly newest?: number;
  readonly target: number;
  readonly low: number;
  readonly label: string;
  readonly show: (value: number) => string;
}

/**
 * `⌈running × value ÷ target⌉`, as HPA does with utilisation. Running tasks are the base, for they are
 * what was measured; those still starting keep their place. In only below the bottom of the range.
 */
export function ratioWant(share: Share, facts: Facts): Want {
  const { desired, running } = facts.state;
  const { value, target, low, label, show } = share;
  const ready = Math.max(1, Math.min(running, desired));
  const base = { rule: 'ratio', notes: [] } as const;
  const newest = wholeTasks((ready * Math.max(value, share.newest ?? 0)) / target);
  const band = facts.policy.behavior.deadBand;
  const proportional = wholeTasks((ready * value) / target);
  if (value > target * (1 + band)) {
    const count = Math.max(desired, proportional);
    const over = `${label} (${show(value)}) is over ${show(target)}`;
    if (count > desired)
      return {
        ...base,
        count,
        newest,
        code: 'AboveTarget',
        why: `${over}: ${tasks(ready)} × ${show(value)} ÷ ${show(target)} makes ${count}`,
      };
    return {
      ...base,
      count,
      newest,
      code: 'AwaitingStartUp',
      why: `${over}; the tasks ordered before (${Math.max(0, desired - running)}) are starting`,
    };
  }
  if (value < low) {
    const count = Math.min(desired, proportional);
    return {
      ...base,
      count,
      newest,
      code: count < desired ? 'BelowRange' : 'WithinRange',
      why: `${label} (${show(value)}) is below ${show(low)}`,
    };
  }
  const code = value > target ? 'WithinDeadBand' : 'WithinRange';
  const why =
    value > target
      ? `${label} (${show(value)}) is within ${percent(band)} of ${show(target)}`
      : `${label} (${show(value)}) is between ${show(low)} and ${show(target)}`;
  return { ...base, count: desired, newest: Math.max(newest, 0), code, why };
}
