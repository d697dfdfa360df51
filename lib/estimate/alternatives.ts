import { type Fleet, HOURS, type Line } from './fleet.ts';
import type { Prices } from './prices.ts';

/** The same fleet scaled by AWS's own means, at list prices. None of them but the last two sees how long requests queue within seconds. */
export function alternatives({ services, tasks, intervalSeconds }: Fleet, prices: Prices): Line[] {
  const perMinute = HOURS * 60;
  const perInterval = (HOURS * 3_600) / intervalSeconds;
  const alarms = 2 * services * prices.alarmMonth;
  const fastAlarms = 2 * services * prices.highResolutionAlarmMonth;
  const metrics = services * prices.metricMonth;
  const puts = (count: number) => (count * prices.thousandPuts) / 1_000;
  const line = (name: string, usd: number, how: string): Line => ({ name, usd, how });
  return [
    line('target tracking of CPU, each minute', alarms, '2 alarms a service; CPU alone, which says nothing of queues'),
    line('target tracking of CPU, each 20 s', fastAlarms + metrics, '2 high-resolution alarms and a metric a service'),
    line('a custom metric of the queue, each minute', alarms + metrics + puts(services * perMinute), 'one publisher a service'),
    line(
      `a custom metric of the queue, each ${intervalSeconds} s`,
      fastAlarms + metrics + puts(services * perInterval),
      'one publisher a service, high-resolution alarms',
    ),
    line(`the same, published by every task`, fastAlarms + metrics + puts(services * tasks * perInterval), 'as Sluice’s reports are'),
  ];
}
