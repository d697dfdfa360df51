import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/decide/decide.ts';
import { emptyMemory, type Memory } from '../../../lib/decide/memory.ts';
import { anObservation, aSeries, aSignal, aState, known, unknown } from '../../builders/observations.ts';
import { aBehavior, aLatencyTarget, aPolicy, aQueueTimeTarget } from '../../builders/policies.ts';
import { aStory } from '../../builders/story.ts';
import { hours, minutes, seconds, T0 } from '../../builders/times.ts';
import { aWebService } from '../../builders/web-service.ts';

describe('a web service', () => {
  const policy = aPolicy({ targets: [aQueueTimeTarget({ concurrency: 8 })] });

  /** `rate` requests per second of 180 ms, with a queue time in every slot. */
  const load = (rate: number, valueMs: number, now = T0) =>
    aSignal(known(valueMs, now), {
      label: 'p95 queue time',
      recent: known(valueMs, now),
      series: aSeries(12, now, () => ({ requests: rate * 10, serviceMs: 180, valueMs, samples: rate * 10 })),
    });
  const evaluate = (target: ReturnType<typeof load>, tasks: number, memory: Memory = emptyMemory) =>
    decide(policy, anObservation({ state: aState(tasks), targets: [target] }), memory, T0, 'web').decision;

  it('is sized by the formula before its target is missed: 200 req/s at 180 ms, 8 at once, need 6 tasks', () => {
    // a = 36 erlangs; 45 servers keep the wait of 99 % under 50 ms; ⌈45 ÷ 8⌉ = 6.
    expect(evaluate(load(200, 0), 5)).toMatchObject({ kind: 'scale', from: 5, to: 6, code: 'DemandAboveCapacity' });
    expect(evaluate(load(200, 0), 6)).toMatchObject({ kind: 'hold', code: 'DemandMatchesCapacity' });
  });

  it('explains a scale-out with the numbers: what is missed, what comes in, what drains the backlog', () => {
    const { why } = evaluate(load(42, 340), 1);
    expect(why).toBe(
      'Scaling web from 1 to 2: p95 queue time (340 ms) is over 50 ms; 42 req/s at 180 ms each need 2 tasks with 5 % headroom. Limits: max 40, +4 tasks or +100 % per 15 s.',
    );
    // 200 req/s for 30 s wait; the five tasks serve 222, so that 5,300 are left when others are up in 30 s: twice the tasks that the
    // arrivals need, ten, work that off in 13 s.
    expect(evaluate(load(200, 30_000), 5).trail.find((step) => step.rule === 'drain')).toMatchObject({
      value: 14,
      why: expect.stringMatching(/need 6 tasks with 5 % headroom, 8 more drain the backlog in 13 s/u),
    });
  });

  it('with the target missed and the model content, a step is tried all the same, and it says so', () => {
    const decision = evaluate(load(42, 340), 5);
    expect(decision).toMatchObject({ kind: 'scale', to: 6, code: 'EstimateDoesNotExplain' });
    expect(decision.why).toContain('does not explain the queue');
  });

  it('does not scale in on the word of the model alone: the queue must show that there is room', () => {
    const seen = { since: T0 - hours(1), seen: T0 - seconds(5), extremes: [{ at: T0 - seconds(5), count: 1 }] };
    const memory: Memory = { ...emptyMemory, count: 5, low: seen };
    expect(evaluate(load(42, 20), 5, memory)).toMatchObject({ kind: 'hold', code: 'WithinRange' });
    expect(evaluate(load(42, 2), 5, memory)).toMatchObject({ kind: 'scale', to: 3 });
  });

  it('grows with a clear trend before the target is missed', () => {
    const series = (slope: number) =>
      aSeries(12, T0, (ago) => ({ requests: 2_000 - slope * ago, serviceMs: 180, valueMs: 0, samples: 1_000 }));
    const at = (slope: number) => evaluate({ ...load(200, 0), series: series(slope) }, 6);
    expect(at(0).kind).toBe('hold');
    expect(at(10)).toMatchObject({ kind: 'scale', code: 'DemandAboveCapacity' });
  });

  it('sees through a queue that drains: what new tasks serve is not what arrives', () => {
    // 20 tasks serve 888 req/s since 30 s, and the queue time fell from 20 s to 6 s in 10 s: 888 ÷ (1 + 1.4) = 370 req/s arrive.
    const times = [6_000, 20_000, 21_000];
    const series = aSeries(3, T0, (ago) => {
      const requests = 8_880;
      return { requests, serviceMs: 180, valueMs: times[ago / 10 - 1] ?? 0, samples: requests };
    });
    const decision = evaluate({ ...load(888, 6_000), series }, 20);
    const estimated = Number(/ ([\d.]+) req\/s/u.exec(decision.why)?.[1]);
    expect(estimated).toBeGreaterThan(300);
    expect(estimated).toBeLessThan(700);
  });

  it('without app times it falls back to steps, and says what is missing', () => {
    const bare = { ...load(42, 340), series: aSeries(12, T0, () => ({ requests: 420, valueMs: 340, samples: 420 })) };
    const decision = evaluate(bare, 2);
    expect(decision).toMatchObject({ to: 3, code: 'AboveTarget' });
    expect(decision.trail[0]).toMatchObject({ code: 'EstimateMissing' });
    expect(decision.trail[0]?.why).toContain('how long requests take');
  });

  it('requests without a single report in the last minute fall back, too', () => {
    const decision = evaluate({ ...load(42, 340), series: [] }, 2);
    expect(decision.trail[0]?.why).toContain('fewer than two complete reports');
  });

  it('just taken on, with its target missed by far, it gets what the queue asks for and not a step', () => {
    const first = { ...load(42, 1_050), series: load(42, 1_050).series.slice(-1) };
    // 1 + (1.05 s − 50 ms) ÷ 2 s is one and a half times the 9 tasks that run.
    const decision = evaluate(first, 9);
    expect(decision).toMatchObject({ to: 14, code: 'AboveTarget' });
    expect(decision.trail[0]?.why).toContain('fewer than two complete reports in the last minute: the length of the queue decides');
    // A minute of queue asks for three times as many and no more, of which this policy allows twice as many at once.
    const long = evaluate({ ...first, reading: known(60_000), recent: known(60_000) }, 9);
    expect(long.trail.find(({ code }) => code === 'AboveTarget')?.value).toBe(27);
    expect(long.to).toBe(18);
    // Those ordered count: the next look orders no more while they start.
    expect(
      decide(policy, anObservation({ state: aState(14, { running: 9, pending: 5 }), targets: [first] }), emptyMemory, T0, 'web').decision
        .kind,
    ).toBe('hold');
  });

  it('a crowd ten times the usual is met within two minutes, and gone again in twenty', () => {
    const story = aStory(aPolicy({ max: 60, targets: [aQueueTimeTarget({ concurrency: 8 })] }), { tasks: 2, startUpMs: seconds(23) });
    const web = aWebService({ serviceMs: 180, concurrency: 8 });
    const missed: number[] = [];
    for (let at = 0; at <= hours(1); at += seconds(10)) {
      const rate = at >= minutes(10) && at < minutes(30) ? 400 : 40;
      const signal = web.serve(at, rate, story.running(at));
      if (signal.recent.kind === 'known' && signal.recent.value > 50) missed.push(at);
      story.at(at, { targets: [signal] });
      if (at === minutes(29)) {
        // 72 erlangs need 83 servers, 11 tasks; the miss at the beginning has taught 40 % headroom.
        expect(story.desired).toBeGreaterThanOrEqual(11);
        expect(story.desired).toBeLessThanOrEqual(15);
      }
    }
    expect(missed.length).toBeGreaterThan(0);
    expect(Math.max(...missed)).toBeLessThan(minutes(13));
    // One for the headroom that the crowd has taught.
    expect(story.desired).toBe(3);
  });

  it('what a burst took soon after the service was first seen goes again, but nothing that was there before', () => {
    const story = aStory(aPolicy({ max: 60, targets: [aQueueTimeTarget({ concurrency: 8 })] }), { tasks: 6, startUpMs: seconds(23) });
    const web = aWebService({ serviceMs: 180, concurrency: 8 });
    let most = 0;
    for (let at = 0; at < minutes(5); at += seconds(10)) {
      story.at(at, { targets: [web.serve(at, at >= seconds(40) && at < seconds(70) ? 600 : 40, story.running(at))] });
      most = Math.max(most, story.desired);
      expect(story.desired).toBeGreaterThanOrEqual(6);
    }
    expect(most).toBeGreaterThan(20);
    expect(story.desired).toBeLessThan(most);
  });

  it('what one task serves at once is learned when it is not given, and then used', () => {
    const story = aStory(aPolicy({ targets: [aQueueTimeTarget()] }), { tasks: 2, startUpMs: seconds(23) });
    const web = aWebService({ serviceMs: 180, concurrency: 8 });
    const codes = new Set<string>();
    for (let at = 0; at <= minutes(40); at += seconds(10)) {
      const rate = at < minutes(5) ? 40 : 160;
      for (const step of story.at(at, { targets: [web.serve(at, rate, story.running(at))] }).trail) codes.add(step.code);
    }
    expect(codes).toContain('EstimateMissing');
    expect(codes).toContain('DemandMatchesCapacity');
    const learned = story.memory.learned[0];
    expect(learned?.proven).toBe(true);
    expect(learned?.value).toBeGreaterThan(6.5);
    expect(learned?.value).toBeLessThan(10);
  });

  it('the start-up time is measured from the counts, between the looks that saw it', () => {
    const story = aStory(aPolicy({ targets: [aQueueTimeTarget({ by: 'range' })], max: 5 }), { tasks: 2, startUpMs: seconds(33) });
    for (let at = 0; at <= minutes(5); at += seconds(10)) story.at(at, { targets: [aSignal(known(400, T0 + at))] });
    expect(story.memory.startUps.length).toBeGreaterThanOrEqual(2);
    for (const measured of story.memory.startUps) expect(Math.abs(measured - 33)).toBeLessThanOrEqual(5);
  });
});

describe('a worker', () => {
  const policy = aPolicy({ min: 0, max: 200, targets: [aLatencyTarget()] });
  /** So many jobs wait, the oldest for so long; it has been so for two minutes. */
  const queue = (depth: number, latencyMs: number, growth = 0) =>
    aSignal(known(latencyMs), {
      label: 'latency of queue mailers',
      series: aSeries(12, T0, (ago) => ({ depth: Math.max(0, depth - growth * (ago - 10)), latencyMs })),
    });
  const knowing = (tasks: number, jobsPerSecond: number): Memory => ({
    ...emptyMemory,
    count: tasks,
    learned: [{ value: jobsPerSecond, before: jobsPerSecond, at: T0 - hours(1), proven: true }],
  });
  const evaluate = (signal: ReturnType<typeof queue>, tasks: number, memory: Memory) =>
    decide(policy, anObservation({ state: aState(tasks), targets: [signal] }), memory, T0, 'worker').decision;

  it('is sized for what arrives and for what waits: 20 jobs/s, 1,200 waiting for a minute, 2 jobs/s and task', () => {
    // 20 ÷ 0.9 ÷ 2 = 11.1; in 30 s of start-up (20 − 10) × 30 more wait: 1,500; 600 are allowed; 900 ÷ 30 s ÷ 2 = 15 more.
    const decision = evaluate(queue(1_200, 60_000), 5, knowing(5, 2));
    expect(decision.trail.find((step) => step.rule === 'drain')).toMatchObject({ value: 10, code: 'DemandAboveCapacity' });
    expect(decision.why).toContain(
      '20 jobs/s at 2 jobs/s per task need 12 tasks, 15 more for the 1200 that wait, within 30 s; not over 10 until those that start show what they do',
    );
  });

  it('wakes from zero for more of the backlog than one task would take', () => {
    const decision = evaluate(queue(600, 30_000), 0, knowing(0, 2));
    expect(decision).toMatchObject({ kind: 'scale', from: 0, code: 'DemandAboveCapacity', to: 4 });
  });

  it('a short queue that the tasks keep short needs no more of them', () => {
    expect(evaluate(queue(2, 1_000), 1, knowing(1, 2)).kind).toBe('hold');
  });

  it('a queue is short by how long those at work need for it, not by how fast it grows: of more jobs more tasks', () => {
    // Ten tasks do 20 jobs/s, 150 in 7.5 s; in 30 s of start-up the queue grows by 60.
    const [shorter, longer] = [80, 100].map((depth) => evaluate(queue(depth, 3_000, 2), 10, knowing(10, 2)));
    expect(shorter?.kind).toBe('hold');
    expect(shorter?.why).toContain('the queue stays short');
    expect(longer).toMatchObject({ kind: 'scale', code: 'DemandAboveCapacity', to: 13 });
  });

  describe('that tells how many jobs run', () => {
    const running = (busy: number, depth: number, latencyMs: number, growth = 0) => ({
      ...queue(depth, latencyMs, growth),
      busy: known(busy),
    });

    it('gets a place for each job where a job takes longer than it may wait: tasks at work come free too late', () => {
      // By the rate, 12 in 8 s are 1.5 jobs/s of 100 s each, 167 tasks: nobody can tell a clump of jobs from a rate so soon.
      const decision = evaluate(running(20, 12, 8_000, 1), 20, knowing(20, 0.01));
      expect(decision).toMatchObject({ kind: 'scale', code: 'DemandAboveCapacity', to: 36 });
      expect(decision.why).toContain('20 jobs run and 12 wait, 100 s or so each: 36 tasks have a place for each');
    });

    it('with room for several jobs on each task gets a place for each as well, not a task', () => {
      const decision = evaluate(running(200, 12, 8_000, 1), 20, knowing(20, 0.1));
      expect(decision).toMatchObject({ to: 25 });
      expect(decision.why).toContain('200 jobs run and 12 wait, 100 s or so each: 25 tasks have a place for each');
    });

    it('never gets more tasks than there are jobs for', () => {
      // 10 jobs/s of 2 s each arrive by the age of the oldest; what waits is to be gone in 30 s.
      const decision = evaluate(running(4, 50, 5_000, 5), 4, knowing(4, 0.5));
      expect(decision).toMatchObject({ to: 8 });
      expect(evaluate(running(4, 5, 10_000, 0.1), 4, knowing(4, 0.05)).trail[0]?.value).toBe(8);
    });

    it('is not left with a queue while nobody knows yet how long its jobs take', () => {
      const decision = evaluate(running(16, 18, 27_000, 1), 16, { ...emptyMemory, count: 16 });
      expect(decision).toMatchObject({ kind: 'scale', code: 'DemandAboveCapacity', to: 32 });
      expect(decision.why).toContain('16 jobs run and 18 wait: 32 tasks until it is known how many jobs a task does');
      expect(decision.trail[0]).toMatchObject({ code: 'EstimateMissing' });
      expect(decision.trail[0]?.why).toContain('What runs and what waits decides.');
      // What new tasks do is to be seen before there are more.
      const up = (ago: number): Memory => ({
        ...emptyMemory,
        count: 16,
        changes: [{ at: T0 - minutes(1), from: 8, to: 16 }],
        upAt: T0 - seconds(ago),
      });
      expect(evaluate(running(16, 18, 27_000, 1), 16, up(19)).kind).toBe('hold');
      expect(evaluate(running(16, 18, 27_000, 1), 16, up(20)).to).toBe(32);
      // Where nothing is worked on, more tasks would not work on it either.
      expect(evaluate(running(0, 18, 27_000, 1), 16, { ...emptyMemory, count: 16 }).kind).toBe('hold');
      // One that waits for less than the range's lower end starts by itself.
      expect(evaluate(running(16, 18, 2_000, 1), 16, { ...emptyMemory, count: 16 }).kind).toBe('hold');
    });
  });

  it('keeps its tasks while jobs wait, also where an adapter tells of few that run', () => {
    const signal = { ...queue(10, 5_000), busy: known(4) };
    expect(evaluate(signal, 40, knowing(40, 0.05))).toMatchObject({ kind: 'hold' });
  });

  it('before it is known how much a task does, steps decide, and the trail says so', () => {
    const decision = evaluate(queue(1_200, 60_000), 5, emptyMemory);
    expect(decision).toMatchObject({ to: 6, code: 'AboveTarget' });
    expect(decision.trail[0]).toMatchObject({ code: 'EstimateMissing' });
    expect(decision.trail[0]?.why).toContain('it is learned while jobs wait');
  });

  it('learns it from a backlog: first in, first out, less what it grows', () => {
    // 20/s arrive (1,200 waiting for 60 s), the backlog grows by 10/s: 5 tasks do 10/s.
    const { memory } = decide(policy, anObservation({ state: aState(5), targets: [queue(1_200, 60_000, 10)] }), emptyMemory, T0, 'worker');
    expect(memory.learned[0]?.value).toBeCloseTo(2, 1);
  });

  it('is not fooled by an empty queue into zero tasks while jobs run', () => {
    const story = aStory(policy, { tasks: 4 });
    for (let at = 0; at < minutes(40); at += seconds(10)) {
      const now = T0 + at;
      story.at(at, {
        targets: [aSignal(known(0, now), { busy: known(3, now), series: aSeries(12, now, () => ({ depth: 0, busy: 3, latencyMs: 0 })) })],
      });
    }
    expect(story.desired).toBeGreaterThanOrEqual(1);
  });

  it('is left alone for longer where its jobs are long, for a scale-in breaks them off', () => {
    const held = (jobsPerSecond: number, busy: 'ignore' | 'task-protection' = 'ignore') => {
      const behaved = aPolicy({ min: 0, max: 200, targets: [aLatencyTarget()], behavior: aBehavior({ busy }) });
      const observation = anObservation({ state: aState(10), targets: [{ ...queue(0, 0), busy: known(2) }] });
      return decide(behaved, observation, knowing(10, jobsPerSecond), T0, 'worker').decision;
    };
    // 33 s a job: twenty-four times that is 800 s. 100 s a job: four windows are 1,200 s.
    expect(held(0.03)).toMatchObject({ kind: 'hold', code: 'ScaleInStabilizing', until: T0 + seconds(800) });
    expect(held(0.01)).toMatchObject({ kind: 'hold', code: 'ScaleInStabilizing', until: T0 + minutes(20) });
    expect(held(0.01).why).toContain('(a job takes 100 s or so, and would be broken off)');
    // 20 s a job: it ends within the grace.
    expect(held(0.05)).toMatchObject({ kind: 'hold', until: T0 + minutes(5) });
    expect(held(0.01, 'task-protection')).toMatchObject({ kind: 'hold', until: T0 + minutes(5) });
  });

  it('an unknown latency holds', () => {
    expect(evaluate({ ...queue(0, 0), reading: unknown('no adapter reports queue mailers') }, 3, emptyMemory)).toMatchObject({
      kind: 'hold',
      code: 'NoReadings',
    });
  });
});
