import { capturedAll } from '../../builders/reports.ts';
import type { Draw } from '../draw/draw.ts';
import { anyValue, HOSTILE_NUMBERS, HOSTILE_TEXTS, ownKeys } from '../draw/hostile.ts';

const FILES = [
  'node-bullmq',
  'node-express',
  'node-express-hanging-server',
  'node-express-utilization-stuck',
  'node-idle-trailing-slash',
  'python-flask',
  'ruby-rack-sidekiq',
];
const CAPTURED = FILES.flatMap((file) => capturedAll(`${file}.json`));

/** What an adapter really sent, its times moved to `now`. */
export function capturedReport(draw: Draw, now: number): Record<string, unknown> {
  const { body, receivedAt } = draw.pick(CAPTURED);
  const report: { metrics: unknown[][] } & Record<string, unknown> = JSON.parse(body);
  const later = Math.floor((now - receivedAt) / 1_000);
  return { ...report, metrics: report.metrics.map(([time, ...rest]) => [Number(time) + later, ...rest]) };
}

/** A report of which every sample is good, by construction; `samples` of them. */
export function validReport(
  draw: Draw,
  now: number,
  samples: number,
): { readonly report: Record<string, unknown>; readonly requests: number } {
  let requests = 0;
  const metrics = Array.from({ length: samples }, () => {
    // Whole seconds, as most adapters write, and parts of them; up to half a second ahead, as Python's rounding makes it.
    const time = now / 1_000 - draw.below(300) + (draw.oneIn(3) ? draw.below(500) / 1_000 : 0);
    switch (draw.below(6)) {
      case 0:
        return [time, draw.below(101), 'up', null];
      case 1:
        return [time, draw.pick([0, 1, 17, 1e9, draw.below(100_000)]), draw.pick(['qd', 'busy']), queueName(draw)];
      case 2:
        return [time, draw.pick([0, 0.4, 2_592_000_000, 1e15, draw.below(1e6)]), 'qt', queueName(draw)];
      default: {
        requests += 1;
        const sample = [time, draw.pick([0, 0.25, 600_000, draw.below(5_000)]), draw.pick(['qt', 'at', 'nt'])];
        return draw.oneIn(4) ? sample : [...sample, null];
      }
    }
  });
  return { report: { container: `c${draw.below(4)}`, pid: draw.below(5), metrics }, requests };
}

const queueName = (draw: Draw) =>
  draw.pick([
    'default',
    'mailers',
    'low',
    '__proto__',
    'a\u0000b',
    'e\u0301',
    '\u00e9',
    '\u202eeulb',
    'd\u200b',
    'a'.repeat(256),
    `q${draw.below(30)}`,
  ]);

/** Names of queues on both sides of what is taken. */
const QUEUE_NAMES = [
  '',
  '\ud800',
  'a\udc00b',
  '\udc00\ud800',
  'a'.repeat(256),
  'a'.repeat(257),
  '\u00e9'.repeat(128),
  '\u00e9'.repeat(129),
  ...HOSTILE_TEXTS,
];
/** Seconds before now, on both sides of what is taken. */
const AGES = [299, 300, 300.001, 301, -4.9, -5, -5.001, -6, 86_400, -86_400] as const;

/** Good but for one of its parts, which lies at the edge of what is taken or is of another kind altogether. */
function flawedSample(draw: Draw, now: number): unknown[] {
  const id = draw.pick(['qt', 'at', 'nt', 'up', 'qd', 'busy', 'qt', 'qd']);
  const queue = id === 'qd' || id === 'busy' || (id === 'qt' && draw.oneIn(2)) ? `queue-${draw.below(20)}` : null;
  const sample: unknown[] = [now / 1_000 - draw.below(200), draw.below(100), id, queue];
  switch (draw.below(6)) {
    case 0:
      sample[0] = draw.oneIn(4) ? anyValue(draw) : now / 1_000 - draw.pick(AGES);
      break;
    case 1:
    case 2:
      sample[1] = draw.oneIn(4) ? anyValue(draw) : draw.pick(HOSTILE_NUMBERS);
      break;
    case 3:
      sample[2] = draw.oneIn(4) ? anyValue(draw) : draw.pick(['QT', 'x', '__proto__', 'constructor', 'qt ', 'qd', 'up']);
      break;
    default:
      sample[3] = draw.oneIn(4) ? anyValue(draw) : draw.pick(QUEUE_NAMES);
  }
  if (draw.oneIn(12)) sample.length = draw.below(4);
  return sample;
}

/** A sample with any of its parts replaced by what does not belong there. */
export function hostileSample(draw: Draw, now: number): unknown {
  if (draw.oneIn(15)) return anyValue(draw);
  if (draw.oneIn(3)) return Array.from({ length: draw.below(6) }, () => anyValue(draw));
  const sample = flawedSample(draw, now);
  if (draw.oneIn(20)) sample.push(anyValue(draw));
  return sample;
}

/** A report of hostile samples among good ones; sometimes of more queues than are taken. */
export function hostileReport(draw: Draw, now: number): Record<string, unknown> {
  const metrics: unknown[] = Array.from({ length: draw.below(40) }, () => hostileSample(draw, now));
  if (draw.oneIn(60)) for (let i = 0; i < 990 + draw.below(30); i++) metrics.push([now / 1_000, i, 'qd', `many-${i}`]);
  return ownKeys([
    ['container', draw.oneIn(4) ? draw.pick(HOSTILE_TEXTS) : 'c1'],
    ['pid', draw.oneIn(4) ? draw.pick(HOSTILE_NUMBERS) : 7],
    ['metrics', metrics],
    ...(draw.oneIn(4) ? [[draw.pick(['config', 'metadata', 'adapters', '__proto__', 'constructor', 'x']), anyValue(draw)] as const] : []),
  ]);
}
