import { describe, expect, it } from 'vitest';
import { createJobPool } from '../../../../lib/local/example/job-pool.ts';
import { createTaskQueue } from '../../../../lib/local/example/task-queue.ts';

describe('the queue in front of tasks', () => {
  it('serves first come, first served, as many at once as there are slots', () => {
    const queue = createTaskQueue<string>(10);
    for (const [i, work] of ['a', 'b', 'c'].entries()) queue.add(work, i);
    expect([queue.take(2)?.work, queue.take(2)?.work, queue.take(2)]).toEqual(['a', 'b', undefined]);
    expect([queue.waiting, queue.busy, queue.oldestAt]).toEqual([1, 2, 2]);
    queue.ended();
    expect(queue.take(2)).toEqual({ work: 'c', at: 2 });
  });

  it('serves nothing without a slot, and lets those under way end when slots are taken away', () => {
    const queue = createTaskQueue<string>(10);
    queue.add('a', 0);
    queue.add('b', 0);
    expect(queue.take(0)).toBeUndefined();
    queue.take(1);
    expect(queue.take(0)).toBeUndefined();
    queue.ended();
    expect(queue.busy).toBe(0);
  });

  it('turns away what comes to a full queue, and counts it', () => {
    const queue = createTaskQueue<number>(2);
    for (let i = 0; i < 5; i += 1) queue.add(i, i);
    expect([queue.waiting, queue.refused]).toEqual([2, 3]);
  });

  it('keeps its order over many thousands', () => {
    const queue = createTaskQueue<number>(100_000);
    let next = 0;
    for (let i = 0; i < 20_000; i += 1) {
      queue.add(i, i);
      if (i % 3 === 0) {
        expect(queue.take(1)?.work).toBe(next);
        next += 1;
        queue.ended();
      }
    }
    expect(queue.waiting).toBe(20_000 - next);
  });
});

describe('the pool of job queues', () => {
  it('takes the oldest job of all queues, within the slots of all', () => {
    const pool = createJobPool(['mailers', 'default']);
    pool.add('default', 1);
    pool.add('mailers', 2);
    pool.add('default', 3);
    expect([pool.take(2), pool.take(2), pool.take(2)]).toEqual(['default', 'mailers', undefined]);
    pool.ended('mailers');
    expect(pool.take(2)).toBe('default');
  });

  it('reports depth, busy and the age of the oldest waiting job of each queue, zero where nothing waits', () => {
    const pool = createJobPool(['default', 'mailers']);
    pool.add('default', 100);
    pool.add('default', 400);
    pool.take(1);
    expect(pool.metrics(1_000)).toEqual([
      { identifier: 'qd', value: 1, queue: 'default' },
      { identifier: 'busy', value: 1, queue: 'default' },
      { identifier: 'qt', value: 600, queue: 'default' },
      { identifier: 'qd', value: 0, queue: 'mailers' },
      { identifier: 'busy', value: 0, queue: 'mailers' },
      { identifier: 'qt', value: 0, queue: 'mailers' },
    ]);
  });
});
