import type { TrailStep } from '../decide/decision.ts';
import { isList } from './item-size.ts';
import type { Fields } from './read-fields.ts';
import type { OutcomeRecord, StoredDecision } from './records.ts';
import type { Value } from './table.ts';

const outcomes = ['applied', 'unchanged', 'superseded', 'refused', 'expired', 'failed'] as const;

/** A decision without its trail, under short names: control items are read with every evaluation. */
export const decisionValue = (decision: StoredDecision): { readonly [name: string]: Value } => ({
  id: decision.id,
  k: decision.kind,
  f: decision.from,
  t: decision.to,
  c: decision.code,
  w: decision.why,
  a: decision.at,
  ...(decision.lastAt !== decision.at && { la: decision.lastAt }),
  ...(decision.times !== 1 && { n: decision.times }),
  ...(decision.kind === 'hold' && decision.until !== undefined && { u: decision.until }),
  ...(decision.kind === 'hold' && decision.would !== undefined && { wo: decision.would }),
});

export const trailValue = (trail: readonly TrailStep[]): readonly Value[] =>
  trail.map(({ rule, code, why, value }) => [rule, code, why, value]);

/** Reads what `decisionValue` wrote; the trail is kept apart. */
export const parseDecision = (fields: Fields, trail: readonly TrailStep[]): StoredDecision => {
  // The key of its history has room for fourteen digits, which is the year 5138.
  const dated = fields.number('a');
  const at = Number.isInteger(dated) && dated >= 0 && dated < 1e14 ? dated : fields.fail('a', 'is no time');
  const common = {
    id: fields.text('id'),
    code: fields.text('c'),
    why: fields.text('w'),
    trail,
    at,
    lastAt: fields.has('la') ? fields.number('la') : at,
    times: fields.has('n') ? fields.count('n') : 1,
  };
  if (fields.oneOf('k', ['scale', 'hold']) === 'scale') return { kind: 'scale', from: fields.count('f'), to: fields.count('t'), ...common };
  return {
    kind: 'hold',
    from: fields.countOrNull('f'),
    to: fields.countOrNull('t'),
    ...common,
    ...(fields.has('u') && { until: fields.number('u') }),
    ...(fields.has('wo') && { would: fields.count('wo') }),
  };
};

export const parseTrail = (fields: Fields, name: string): readonly TrailStep[] =>
  fields.list(name).map((step, i) => {
    const [rule, code, why, value] = typeof step === 'object' && step !== null && !(step instanceof Uint8Array) && isList(step) ? step : [];
    if (typeof rule !== 'string' || typeof code !== 'string' || typeof why !== 'string' || (value !== null && typeof value !== 'number')) {
      return fields.fail(`${name}[${i}]`, 'should be rule, code, sentence and count');
    }
    return { rule, code, why, value };
  });

export const outcomeValue = (outcome: OutcomeRecord): { readonly [name: string]: Value } => ({
  d: outcome.decision,
  a: outcome.at,
  o: outcome.outcome,
  n: outcome.desiredCount,
  w: outcome.why,
});

export const parseOutcome = (fields: Fields): OutcomeRecord => ({
  decision: fields.text('d'),
  at: fields.number('a'),
  outcome: fields.oneOf('o', outcomes),
  desiredCount: fields.countOrNull('n'),
  why: fields.text('w'),
});
