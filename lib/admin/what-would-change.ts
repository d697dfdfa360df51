import { serviceArn } from '../accounts/service-arn.ts';
import type { Decision } from '../decide/decision.ts';
import { duration, percent } from '../decide/sentence.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import type { ObservedTargets } from '../signals/observe-targets.ts';
import type { Pause } from '../stores/records.ts';
import { type ListedTarget, listedTarget } from './target-objective.ts';

interface Given {
  readonly config: ServiceConfig;
  readonly decision: Decision;
  readonly pauses: readonly Pause[];
  readonly observed: ObservedTargets;
}

/** What would have to happen for the count to change: the first sentence is about what stands in the way now. */
export function whatWouldChange(given: Given): string[] {
  const { config, decision, observed } = given;
  const { policy, tags } = config;
  const first = decision.kind === 'scale' ? `It is about to go from ${decision.from} to ${decision.to}.` : inTheWay(given);
  const unknown = policy.targets.flatMap((_target, i) => {
    const signals = observed.targets[i];
    return signals?.reading.kind === 'unknown' ? [`${signals.label} is not known: ${signals.reading.why}.`] : [];
  });
  const out = policy.targets.map((target) => outWhen(listedTarget(target)));
  const down = policy.targets.map((target) => inWhen(listedTarget(target)));
  const window = policy.behavior.scaleIn.stabilizeMs;
  return [
    ...(first === undefined ? [] : [first]),
    ...unknown,
    ...(policy.mode === 'off' ? [] : [`Out, up to ${policy.max}: ${out.join(', or ')}.`]),
    ...(policy.mode === 'off' || policy.mode === 'out-only'
      ? []
      : [`In, down to ${policy.min}: ${down.join(', and ')}${window > 0 ? `, for ${duration(window)}` : ''}.`]),
    ...(tags === undefined ? [] : ['Tags on the ECS service stand over the policy file here.']),
  ];
}

const value = ({ unit }: ListedTarget, amount: number) =>
  unit === 'ms' ? duration(amount) : unit === 'share' ? percent(amount) : String(Number(amount.toPrecision(4)));

const outWhen = (target: ListedTarget) => `${target.target} over ${value(target, target.objective)}${target.perTask ? ' a task' : ''}`;
const inWhen = (target: ListedTarget) =>
  target.perTask || target.low === null
    ? `${target.target} under ${value(target, target.objective)}${target.perTask ? ' a task' : ''}`
    : `${target.target} under ${value(target, target.low)}`;

/** What to do about, or when to expect the end of, what a hold is held by. */
function inTheWay({ config, decision, pauses }: Given): string | undefined {
  const { name, arn, policy } = config;
  const { accountId } = serviceArn(arn);
  const until = decision.kind === 'hold' && decision.until !== undefined ? `, until ${new Date(decision.until).toISOString()}` : '';
  switch (decision.code) {
    case 'Off':
      return `Nothing is decided in mode off: sluice mode ${name} observe, then on.`;
    case 'Observing':
      return `Nothing is changed in mode observe: sluice mode ${name} on. (Once: sluice enable ${name} says what its account has to allow.)`;
    case 'OutOnly':
      return `Nothing is removed in mode out-only: sluice mode ${name} on.`;
    case 'ScaleInPaused':
    case 'ScaleOutPaused': {
      const byPerson = pauses.filter((pause) => (decision.code === 'ScaleInPaused' ? pause.in : pause.out));
      return byPerson.length > 0
        ? `It is paused (${byPerson.map((pause) => pause.why).join('; ')}): sluice resume ${name}, or --customer, or --all, as it was paused.`
        : 'The policy pauses this direction: take `paused: true` out of its behavior.';
    }
    case 'AtCap':
      return `The maximum is ${policy.max}: more needs a higher tasks.max in its policy; an override never goes over it.`;
    case 'ScheduleCap':
    case 'OverrideCap':
      return `A ${decision.code === 'ScheduleCap' ? 'schedule' : 'person'} lowered the cap${until}.${decision.code === 'OverrideCap' ? ` sluice override ${name} --clear takes it back.` : ''}`;
    case 'OverrideFloor':
      return `A person raised the floor${until}. sluice override ${name} --clear takes it back.`;
    case 'StateUnknown':
      return `What ECS says of it has to be known first: sluice doctor ${accountId} shows what stands in the way.`;
    case 'NoReadings':
    case 'UnknownBlocksScaleIn':
      return 'A reading is missing: without it nothing is scaled in. Check that the app reports (JUDOSCALE_URL) and sets X-Request-Start.';
    case 'AnotherAutoscaler':
      return `Something else sets the count: take its scaling away, or put ${name} in mode observe. sluice doctor ${accountId} shows scaling targets of AWS.`;
    case 'FailedRollout':
    case 'TasksNotStarting':
      return 'Tasks do not start: the events of the ECS service say why; once they run, scaling goes on.';
    case 'DeploymentNoScaleIn':
      return 'A deployment is in progress: it is not scaled in before that is over.';
    case 'BreakerOpen':
      return 'Scale-in is held for the whole fleet, since an unusual share of it began at once: check what is measured.';
    default:
      return until === '' ? undefined : `It waits${until}.`;
  }
}
