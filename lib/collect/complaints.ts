import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { MissCode } from '../reports/collected.ts';
import type { Asked } from './ask-sources.ts';

/** Says once what cannot be collected for a service, and again only when the reason changes. */
export interface Complaints {
  hear(asked: readonly Asked[]): void;
}

/** What a person has to mend, under the code that it is told by. A metric without datapoints may be as it should. */
const PROBLEMS: Partial<Readonly<Record<MissCode, string>>> = {
  denied: 'AccessDenied',
  'not-connected': 'AccountNotConnected',
  'not-found': 'QueueNotFound',
  invalid: 'MetricRefused',
};

export function createComplaints(journal: Pick<Journal, 'problem' | 'warn'>, clock: Clock): Complaints {
  const told = new Map<string, MissCode>();
  return {
    hear(asked) {
      for (const { source, reading, why = '' } of asked) {
        const { customer, service, group } = source;
        const name = `${customer}#${group}#${source.key}`;
        if (reading.kind === 'known') told.delete(name);
        if (reading.kind === 'known' || told.get(name) === reading.code) continue;
        told.set(name, reading.code);
        const code = PROBLEMS[reading.code];
        if (code) journal.problem({ customer, service }, { code, why, at: clock.now() });
        else if (reading.code !== 'no-datapoint')
          journal.warn('A metric could not be collected', { customer, service, code: reading.code, why });
      }
    },
  };
}
