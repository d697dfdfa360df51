import type { ServiceName } from '../journal.ts';
import { orderedJournal } from './ordered-journal.ts';
import type { Output } from './output.ts';

const iso = (at: number) => new Date(at).toISOString();

/** The local run for machines: one JSON object a line, and nothing else. */
export function jsonOutput(write: (line: string) => void, nameOf: (about: ServiceName) => string, now: () => number): Output {
  const line = (type: string, fields: object) => write(JSON.stringify({ type, ...fields }));
  const journal = orderedJournal({
    decision: (about, { id, at, kind, from, to, code, why, trail, ...rest }) =>
      line('decision', {
        id,
        service: nameOf(about),
        customer: about.customer,
        at: iso(at),
        kind,
        from,
        to,
        code,
        why,
        trail: trail.map((step) => ({ rule: step.rule, code: step.code, why: step.why, value: step.value })),
        ...('until' in rest && rest.until !== undefined ? { until: iso(rest.until) } : {}),
        ...('would' in rest && rest.would !== undefined ? { would: rest.would } : {}),
      }),
    outcome: (about, { decision, at, outcome, desiredCount, why }) =>
      line('outcome', { decision, service: nameOf(about), customer: about.customer, at: iso(at), outcome, desiredCount, why }),
    problem: (about, { code, why, at }) => line('problem', { service: nameOf(about), customer: about.customer, at: iso(at), code, why }),
    warn: (message, fields) => line('warning', { at: iso(now()), why: message, ...fields }),
  });
  return {
    ...journal,
    ready: ({ services, aws, admin }) =>
      line('ready', {
        at: iso(now()),
        services: Object.fromEntries(
          services.map((s) => [nameOf(s), { arn: s.arn, mode: s.mode, reportUrl: s.reportUrl, customer: s.customer, group: s.group }]),
        ),
        aws,
        admin,
      }),
    status: () => undefined,
  };
}
