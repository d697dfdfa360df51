import type { JobDepthTarget, MetricTarget } from '../../policy/policy.ts';
import type { Facts } from '../facts.ts';
import { amount, duration, tasks } from '../sentence.ts';
import { perTaskWant, ratioWant } from './per-task.ts';
import { rangeWant } from './range.ts';
import type { Want } from './want.ts';

type Values = { readonly value: number; readonly newest?: number; readonly label: string };

/** A number of jobs or of anything else that tasks share: `⌈total ÷ per task⌉`, or steps around what the tasks there should share. */
export function sharedWant(target: Pick<JobDepthTarget, 'by' | 'step' | 'perTask' | 'activation'>, values: Values, facts: Facts): Want {
  const { perTask, activation, step } = target;
  if (target.by !== 'range') return perTaskWant({ ...values, total: values.value, perTask, activation }, facts);
  const top = perTask * facts.state.desired;
  return fromZero(rangeWant({ ...values, top, low: top / 2, step, show: amount }, facts), activation, values, amount, facts);
}

/** A number that is collected: shared by the tasks, or kept between `low` and `target` by steps or by its ratio to the target. */
export function metricWant(target: MetricTarget, values: Values, facts: Facts): Want {
  const { by, step, perTask, activation, source } = target;
  if (perTask !== undefined) return sharedWant({ by, step, perTask, activation: activation ?? 0 }, values, facts);
  const top = target.target ?? Number.POSITIVE_INFINITY;
  const low = target.low ?? 0;
  const show = source.from === 'sqs' && source.attribute === 'age' ? duration : amount;
  const want =
    by === 'per-task' ? ratioWant({ ...values, target: top, low, show }, facts) : rangeWant({ ...values, top, low, step, show }, facts);
  return activation === undefined ? want : fromZero(want, activation, values, show, facts);
}

/** At zero tasks only more than the activation threshold starts any, and then one at least, as KEDA has it. */
function fromZero(want: Want, activation: number, { value, label }: Values, show: (value: number) => string, facts: Facts): Want {
  if (facts.state.desired > 0) return want;
  if (value <= activation) {
    const why = value === 0 ? `${label} is 0` : `${label} (${show(value)}) is not over ${show(activation)}, from which tasks are started`;
    return { ...want, count: 0, newest: 0, code: 'BelowActivation', why };
  }
  const count = Math.max(1, want.count ?? 1);
  if (count === want.count) return want;
  return {
    ...want,
    count,
    newest: count,
    code: 'WorkWaiting',
    why: `${label} (${show(value)}) is over ${show(activation)}: ${tasks(count)} is started`,
  };
}
