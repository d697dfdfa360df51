import { figure, logarithmic } from './plot.ts';

export interface ParetoPoint {
  /** What is written into the dot, and beside the row of the table. */
  readonly number: number;
  readonly name: string;
  readonly kind: 'sluice' | 'variant' | 'reference' | 'won' | 'lost' | 'tied';
  readonly violationMinutes: number;
  /** ÷ the clairvoyant's task-hours. */
  readonly cost: number;
}

const WIDTH = 560;
const HEIGHT = 360;
const LEFT = 46;
const RIGHT = 18;
const TOP = 22;
const BOTTOM = 40;
const RADIUS = 10;

/** Violation minutes against task-hours, both logarithmic: the lower left is better. Dots that would cover each other move apart. */
export function paretoPicture(points: readonly ParetoPoint[]): string {
  const costs = points.map(({ cost }) => cost).filter((cost) => cost > 0);
  const lowest = Math.min(0.8, ...costs) * 0.9;
  const highest = Math.max(2.5, ...costs) * 1.1;
  const most = Math.max(10, ...points.map(({ violationMinutes }) => violationMinutes));
  const xAxis = logarithmic(lowest, highest);
  const yAxis = logarithmic(1, most + 1);
  const x = (cost: number) => LEFT + xAxis(cost) * (WIDTH - LEFT - RIGHT);
  const y = (minutes: number) => HEIGHT - BOTTOM - yAxis(minutes + 1) * (HEIGHT - BOTTOM - TOP);

  const xTicks = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 1.3, 2, 5, 10, 20, 50, 100].filter((tick) => tick > lowest && tick < highest);
  const yTicks = [0, 1, 10, 100, 1_000, 10_000, 100_000].filter((tick) => tick <= most);
  const grid = [
    ...xTicks.map((tick) => {
      const limit = tick === 1 || tick === 1.3;
      // 1.3 would stand in the way of 1 at the bottom.
      const at = tick === 1.3 ? TOP - 6 : HEIGHT - BOTTOM + 15;
      return `<path class="grid${limit ? ' limit' : ''}" d="M${x(tick).toFixed(1)} ${TOP}V${HEIGHT - BOTTOM}"/><text x="${x(tick).toFixed(1)}" y="${at}" text-anchor="middle">${tick}×</text>`;
    }),
    ...yTicks.map(
      (tick) =>
        `<path class="grid" d="M${LEFT} ${y(tick).toFixed(1)}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick >= 1_000 ? `${tick / 1_000}k` : tick}</text>`,
    ),
  ].join('');

  const placed = apart(
    points.map((point) => ({
      point,
      homeX: x(point.cost),
      homeY: y(point.violationMinutes),
      x: x(point.cost),
      y: y(point.violationMinutes),
    })),
  );
  const dots = placed
    .map(({ point, homeX, homeY, x: atX, y: atY }) => {
      const title = `${point.name}: ${figure(point.violationMinutes)} violation minutes, ${figure(point.cost)} × the clairvoyant's task-hours`;
      return `<g class="dot ${point.kind}"><title>${title}</title><path class="lead" d="M${homeX.toFixed(1)} ${homeY.toFixed(1)}L${atX.toFixed(1)} ${atY.toFixed(1)}"/><circle cx="${atX.toFixed(1)}" cy="${atY.toFixed(1)}" r="${RADIUS}"/><text x="${atX.toFixed(1)}" y="${(atY + 4).toFixed(1)}" text-anchor="middle">${point.number}</text></g>`;
    })
    .join('');
  const labels = `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">task-hours ÷ clairvoyant</text><text transform="translate(11 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">violation minutes</text>`;
  return `<svg class="pareto" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="violation minutes against task-hours">${grid}${labels}${dots}</svg>`;
}

interface Placed {
  readonly point: ParetoPoint;
  readonly homeX: number;
  readonly homeY: number;
  x: number;
  y: number;
}

/** Pushes dots apart until none covers another, and keeps them in the picture. */
function apart(dots: Placed[]): Placed[] {
  for (let round = 0; round < 200; round++) {
    let moved = false;
    for (const [i, one] of dots.entries()) {
      for (const other of dots.slice(i + 1)) {
        let dx = other.x - one.x;
        let dy = other.y - one.y;
        const distance = Math.hypot(dx, dy);
        const missing = 2 * RADIUS + 1 - distance;
        if (missing <= 0.1) continue;
        // Two dots at one place part in a direction of their own.
        if (distance < 0.01) [dx, dy] = [Math.cos(i), -Math.abs(Math.sin(i)) - 0.1];
        const length = Math.hypot(dx, dy);
        one.x -= (dx / length) * (missing / 2);
        one.y -= (dy / length) * (missing / 2);
        other.x += (dx / length) * (missing / 2);
        other.y += (dy / length) * (missing / 2);
        moved = true;
      }
    }
    for (const dot of dots) {
      dot.x = Math.min(WIDTH - RIGHT, Math.max(LEFT + RADIUS, dot.x));
      dot.y = Math.min(HEIGHT - BOTTOM, Math.max(TOP, dot.y));
    }
    if (!moved) break;
  }
  return dots;
}
