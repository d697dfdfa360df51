import { defaultBehavior, values } from './default-values.ts';
import { limits } from './limits.ts';
import type { Mode, Policy, Schedule, ServiceConfig, Target } from './policy.ts';
import { readBehavior } from './read-behavior.ts';
import { type Fields, readList, readMap } from './read-map.ts';
import { readSchedule } from './read-schedule.ts';
import { readScaleEntry } from './read-target.ts';
import { isName, nameRule, readName, readNumber, readWord, textOf } from './read-value.ts';
import type { Place, Review } from './review.ts';
import { parseServiceArn } from './service-arn.ts';

const keys = ['arn', 'group', 'mode', 'tasks', 'scale', 'schedules', 'behavior'] as const;
type ServiceFields = Fields<(typeof keys)[number]>;

/** What a service is read with. */
export interface ServiceContext {
  readonly customer: string;
  readonly defaultMode: Mode;
  /** ARNs of the services before it, with the place of each: one ECS service has one policy. */
  readonly arns: Map<string, Place>;
}

/** One service of the file; undefined where so much of it is wrong that there is none. */
export function readService(name: string, place: Place, review: Review, context: ServiceContext): ServiceConfig | undefined {
  if (!isName(name)) review.problemAt(place.keyAt, place.path, 'format', name.slice(0, 80), `a service's name has ${nameRule}`);
  const fields = readMap(place, review, keys, '{ arn: …, tasks: { min: 1, max: 10 }, scale: […] }');
  if (!fields) return undefined;
  const arn = readArn(fields, review, context);
  const groupPlace = fields.get('group');
  const group = groupPlace ? readName(groupPlace, review) : values.group;
  const policy = readPolicy(fields, review, context.defaultMode);
  return arn === undefined || group === undefined || !policy ? undefined : { customer: context.customer, name, group, arn, policy };
}

function readArn(fields: ServiceFields, review: Review, { arns }: ServiceContext): string | undefined {
  const place = fields.required('arn', "the ECS service's ARN, arn:aws:ecs:us-east-1:111122223333:service/<cluster>/<service>");
  if (!place) return undefined;
  const text = textOf(place);
  const parsed = parseServiceArn(text ?? '');
  if (text === undefined || !parsed.ok) return review.problem(place, 'format', parsed.ok ? 'has to be text' : parsed.why);
  const first = arns.get(text);
  if (first)
    return review.problem(place, 'unique', `${first.path} in line ${first.tree.at.line} is the same service: one service has one policy`);
  arns.set(text, place);
  return text;
}

function readPolicy(fields: ServiceFields, review: Review, defaultMode: Mode): Policy | undefined {
  const modePlace = fields.get('mode');
  const mode = modePlace ? readWord(modePlace, review, ['off', 'observe', 'out-only', 'on']) : defaultMode;
  const tasks = readTasks(fields, review);
  const targets = readTargets(fields, review);
  const schedules = readSchedules(fields, review, tasks);
  const behaviorPlace = fields.get('behavior');
  const behavior = behaviorPlace ? readBehavior(behaviorPlace, review) : defaultBehavior;
  return mode === undefined || !tasks || !targets ? undefined : { mode, ...tasks, targets, behavior, schedules };
}

type Tasks = Pick<Policy, 'min' | 'max' | 'activeMin'>;

function readTasks(fields: ServiceFields, review: Review): Tasks | undefined {
  const place = fields.required('tasks', 'write the bounds, such as `tasks: { min: 1, max: 10 }`');
  const tasks = place && readMap(place, review, ['min', 'max', 'active'], '{ min: 1, max: 10 }');
  if (!tasks) return undefined;
  const range = { min: 0, max: limits.tasks };
  const minPlace = tasks.required('min', 'the fewest tasks, 0 to let the service go to zero');
  const min = minPlace && readNumber(minPlace, review, range);
  const maxPlace = tasks.required('max', 'the most tasks that Sluice may order');
  const max = maxPlace && readNumber(maxPlace, review, range);
  const activePlace = tasks.get('active');
  const activeMin = activePlace && readNumber(activePlace, review, range);
  if (activePlace) review.needs('active', activePlace);
  if (min === undefined || max === undefined || !maxPlace) return undefined;
  if (min > max) return review.problem(maxPlace, 'conflict', `max (${max}) has to be at least min (${min})`);
  if (activePlace && activeMin !== undefined && (activeMin < min || activeMin > max)) {
    return review.problem(activePlace, 'conflict', `has to be from min (${min}) to max (${max})`);
  }
  return { min, max, ...(activeMin === undefined ? {} : { activeMin }) };
}

function readTargets(fields: ServiceFields, review: Review): Target[] | undefined {
  const place = fields.required('scale', 'write what to scale by, such as `scale: [{ request-queue-time: { p95: 50ms } }]`');
  const entries = place && readList(place, review, { min: 1, max: limits.targets, what: 'targets' });
  if (!place || !entries) return undefined;
  const targets = entries.flatMap((entry) => readScaleEntry(entry, review));
  if (targets.length > limits.targets && entries.length <= limits.targets) {
    return review.problem(
      place,
      'range',
      `has at most ${limits.targets} targets; with a map of queues each queue is one, and here are ${targets.length}`,
    );
  }
  return targets;
}

function readSchedules(fields: ServiceFields, review: Review, tasks: Tasks | undefined): Schedule[] {
  const place = fields.get('schedules');
  const entries = place && readList(place, review, { min: 0, max: limits.schedules, what: 'schedules' });
  return (entries ?? []).flatMap((entry) => {
    const schedule = readSchedule(entry, review);
    if (schedule && tasks) warnOfUselessBounds(entry, review, schedule, tasks);
    return schedule ? [schedule] : [];
  });
}

/** Where bounds cross the cap wins, which is allowed and seldom meant. */
function warnOfUselessBounds(place: Place, review: Review, { min, max }: Schedule, tasks: Tasks): void {
  if (min !== undefined && min > tasks.max)
    review.warning(place, `min ${min} is over tasks.max (${tasks.max}), which wins: raise tasks.max to reach it`);
  if (max !== undefined && max < tasks.min)
    review.warning(place, `max ${max} is under tasks.min (${tasks.min}): it wins while the schedule lasts`);
}
