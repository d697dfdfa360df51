import { packMemory, parseMemory } from '../decide/memory.ts';
import type { LastWrite, StateReading } from '../decide/observation.ts';
import { decisionValue, outcomeValue, parseDecision, parseOutcome, parseTrail, trailValue } from './decision-fields.ts';
import { keys } from './keys.ts';
import type { Fields } from './read-fields.ts';
import { itemSchema, readFields } from './read-fields.ts';
import type { Control, Problem } from './records.ts';
import type { Item, Value } from './table.ts';

/**
 * The control item, under short names, since every evaluation reads it and every kilobyte of it is paid for:
 *
 *   version  act  st: state  mem: memory  dec: decision  tr: its trail, while it has not been acted upon
 *   ra: when the report arrived that set it off, while it has not been acted upon
 *   lw: last write  lo: last outcome  pr: problem
 *
 * `act` is at the top and there only while a decision waits, because the stream's filter looks for it.
 */
export const toControlItem = (control: Control, version: number): Item => {
  const { decision, act, reportedAt, lastWrite, lastOutcome, problem } = control;
  return {
    ...keys.control(control.customer, control.group, control.service),
    schema: itemSchema,
    version,
    st: stateValue(control.state),
    mem: packMemory(control.memory),
    ...(decision && { dec: decisionValue(decision) }),
    ...(act !== undefined && { act }),
    ...(act !== undefined && decision?.id === act && { tr: trailValue(decision.trail) }),
    ...(act !== undefined && reportedAt !== undefined && { ra: reportedAt }),
    ...(lastWrite && { lw: lastWriteValue(lastWrite) }),
    ...(lastOutcome && { lo: outcomeValue(lastOutcome) }),
    ...(problem && { pr: problemValue(problem) }),
  };
};

/**
 * The control that an item holds, from the table or from the image in its stream; undefined for an item of another kind.
 * Throws `UnreadableItem`. A decision that was settled comes without its trail, which is in the history.
 */
export const parseControl = (item: Item): Control | undefined => {
  const [, customer, group] = /^([^#~][^#]*)#g#([^#]+)$/.exec(item.pk) ?? [];
  const [, service] = /^control#([^#]+)$/.exec(item.sk) ?? [];
  if (customer === undefined || group === undefined || service === undefined) return undefined;
  const fields = readFields(item);
  return {
    customer,
    group,
    service,
    version: fields.count('version'),
    state: parseState(fields.fields('st')),
    memory: parseMemory(fields.text('mem')),
    ...(fields.has('dec') && { decision: parseDecision(fields.fields('dec'), fields.has('tr') ? parseTrail(fields, 'tr') : []) }),
    ...(fields.has('act') && { act: fields.text('act') }),
    ...(fields.has('ra') && { reportedAt: fields.number('ra') }),
    ...(fields.has('lw') && { lastWrite: parseLastWrite(fields.fields('lw')) }),
    ...(fields.has('lo') && { lastOutcome: parseOutcome(fields.fields('lo')) }),
    ...(fields.has('pr') && { problem: parseProblem(fields.fields('pr')) }),
  };
};

export const stateValue = (state: StateReading): Value =>
  state.kind === 'unknown'
    ? { w: state.why }
    : {
        a: state.at,
        d: state.desired,
        r: state.running,
        p: state.pending,
        ...(state.deployment !== 'none' && { dep: state.deployment }),
        ...(state.deploymentCreatedAt !== undefined && { dc: state.deploymentCreatedAt }),
      };

const parseState = (fields: Fields): StateReading =>
  fields.has('w')
    ? { kind: 'unknown', why: fields.text('w') }
    : {
        kind: 'known',
        at: fields.number('a'),
        desired: fields.count('d'),
        running: fields.count('r'),
        pending: fields.count('p'),
        deployment: fields.has('dep') ? fields.oneOf('dep', ['none', 'in-progress', 'failed']) : 'none',
        ...(fields.has('dc') && { deploymentCreatedAt: fields.number('dc') }),
      };

export const lastWriteValue = (write: LastWrite): Value => ({
  d: write.decision,
  a: write.at,
  f: write.from,
  t: write.to,
  r: write.result,
});

const parseLastWrite = (fields: Fields): LastWrite => ({
  decision: fields.text('d'),
  at: fields.number('a'),
  from: fields.count('f'),
  to: fields.count('t'),
  result: fields.oneOf('r', ['applied', 'unknown', 'failed']),
});

export const problemValue = (problem: Problem): Value => ({ c: problem.code, w: problem.why, a: problem.at });

export const parseProblem = (fields: Fields): Problem => ({ code: fields.text('c'), why: fields.text('w'), at: fields.number('a') });
