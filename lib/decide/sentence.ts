import type { RateLimit } from '../policy/policy.ts';
import type { Instant } from './time.ts';

/** "50 ms", "1.5 s", "10 min", "2 h": a duration given in ms, for people. */
export function duration(ms: number): string {
  const unit = (value: number, name: string) => `${Number(value.toPrecision(value >= 100 ? 3 : 2))} ${name}`;
  if (ms < 1_000) return unit(Math.round(ms), 'ms');
  if (ms <= 120_000) return unit(Math.round(ms / 100) / 10, 's');
  if (ms <= 120 * 60_000) return unit(ms / 60_000, 'min');
  if (ms <= 48 * 3_600_000) return unit(ms / 3_600_000, 'h');
  return unit(ms / 86_400_000, 'days');
}

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

export const tasks = (n: number): string => (n === 1 ? '1 task' : `${n} tasks`);

export const amount = (value: number): string => String(Number(value >= 1_000 ? Math.round(value) : value.toPrecision(3)));

/** "08:14:05 UTC": a time of day, for people; the full time is in the record. */
export const clock = (at: Instant): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** "+4 tasks or +100 % per 15 s" */
export function limits(sign: '+' | '−', rates: readonly RateLimit[]): string {
  return rates
    .map((rate) => {
      const parts = [
        rate.tasks === undefined ? '' : `${sign}${tasks(rate.tasks)}`,
        rate.share === undefined ? '' : `${sign}${percent(rate.share)}`,
      ];
      return `${parts.filter((part) => part !== '').join(' or ')} per ${duration(rate.periodMs)}`;
    })
    .join(' or ');
}

/** A clause as a sentence: with a capital and a full stop. */
export const capital = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
