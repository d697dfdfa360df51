import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/decide/decide.ts';
import { emptyMemory } from '../../../lib/decide/memory.ts';
import { anObservation, aSeries, aSignal, aState, known, unknown } from '../../builders/observations.ts';
import { aBehavior, aDepthTarget, aPolicy } from '../../builders/policies.ts';
import { seconds, T0 } from '../../builders/times.ts';

const policy = aPolicy({
  min: 0,
  targets: [aDepthTarget({ includeBusy: true })],
  behavior: aBehavior({ scaleIn: { max: [], cooldownMs: 0, stabilizeMs: 0, paused: false } }),
});

/** Ten tasks and an empty queue, every 10 s for ten minutes; the last decision. */
function tenMinutes(busyWasTold: boolean) {
  let memory = emptyMemory;
  let decision: ReturnType<typeof decide>['decision'] | undefined;
  for (let at = T0; at <= T0 + seconds(600); at += seconds(10)) {
    const series = aSeries(30, at, (ago) => ({ depth: 0, ...(busyWasTold && ago > 60 ? { busy: 7 } : {}) }));
    const signals = aSignal(known(0, at), { recent: known(0, at), busy: unknown('nobody tells any more'), series });
    ({ decision, memory } = decide(
      policy,
      anObservation({ state: aState(10, { at }), lastReportAt: at, targets: [signals] }),
      memory,
      at,
      'worker',
    ));
    if (decision.kind === 'scale') return decision;
  }
  return decision;
}

describe('an empty queue whose running jobs are not known', () => {
  it('takes no task away where running jobs were told of a while ago', () => {
    expect(tenMinutes(true)).toMatchObject({ kind: 'hold', code: 'BusyUnknown', from: 10 });
  });

  it('scales in where no adapter ever told of running jobs', () => {
    expect(tenMinutes(false)).toMatchObject({ kind: 'scale', from: 10 });
  });
});
