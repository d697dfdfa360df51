import type { Clock } from '../clock.ts';
import { type EvaluateDeps, evaluateGroup } from '../evaluate/evaluate-group.ts';
import { digestReport } from '../reports/digest-report.ts';
import { packDigest } from '../reports/pack-digest.ts';
import { MAX_REPORT_BYTES, parseReport } from '../reports/parse-report.ts';
import { bodyHash, reporterId, slotAt } from '../reports/report-identity.ts';
import type { LeaseStore, ReportStore } from '../stores/ports.ts';
import type { TokenAuthority } from '../tokens/token-authority.ts';
import { type GroupWatcher, nearsTarget } from './group-watcher.ts';
import type { HeldReports } from './held-reports.ts';

export interface IngestDeps extends Omit<EvaluateDeps, 'reports'> {
  readonly reports: ReportStore;
  /** What this warm function has not stored yet. */
  readonly held: HeldReports;
  readonly leases: LeaseStore;
  readonly tokens: TokenAuthority;
  /** What this warm function remembers of the groups that report to it. */
  readonly groups: GroupWatcher;
  readonly clock: Clock;
}

export type Received =
  | { readonly status: 200; readonly accepted: number; readonly dropped: Readonly<Record<string, number>>; readonly ignored: number }
  | { readonly status: 400 | 401 | 413; readonly code: string; readonly why: string };

/**
 * Takes one report: checks its token, stores its digest, and decides the group at once where that can matter.
 *
 * A report that could matter is stored before anything else is done with it, and one that says nothing new within half a minute; an
 * evaluation that fails is told in the log and does not fail the report, because the next report or tick decides from what was stored.
 */
export async function receiveReport(deps: IngestDeps, token: string, body: string): Promise<Received> {
  const reportedAt = deps.clock.now();
  const holder = await deps.tokens.check(token);
  if (!holder)
    return {
      status: 401,
      code: 'UnknownToken',
      why: 'This report URL is not known here: it was mistyped, or its token was revoked. Ask for the service’s report URL.',
    };
  if (body.length > MAX_REPORT_BYTES || Buffer.byteLength(body) > MAX_REPORT_BYTES) {
    return { status: 413, code: 'ReportTooLarge', why: 'A report is at most 5 MB: report more often.' };
  }
  const parsed = parseReport(body);
  if (!parsed.ok) return { status: 400, ...parsed.problem };

  const { customer, group, service } = holder;
  const now = deps.clock.now();
  const { digest, accepted, dropped, ignored } = digestReport(parsed.report, now);
  // What was dropped whole says nothing, not even that there is no load: taken for a report without requests it would scale in.
  if (accepted === 0 && Object.keys(dropped).length > 0) {
    deps.journal.received?.({ customer, service }, { accepted, dropped });
    return { status: 200, accepted, dropped, ignored };
  }
  const reporter = reporterId(service, parsed.report.container, parsed.report.pid);
  const known = await deps.groups.of(customer, group, deps.held.crowded);
  const hash = bodyHash(body, digest);
  const slot = slotAt(digest);
  const parts = packDigest(digest).map((packed, part) => ({ service, reporter, hash, part, slotAt: slot, digest: packed }));
  const nears = nearsTarget(known, service, digest);
  const stored = await deps.held.take(known, { service, reporter, digest, nearsTarget: nears, parts });
  deps.journal.received?.({ customer, service }, { accepted, dropped });

  try {
    if (await deps.groups.shouldEvaluate(deps.leases, known, nears, deps.held.crowded)) {
      const own = [...stored, ...deps.held.waiting(known)];
      await evaluateGroup(deps, customer, group, { config: known.config, own, reportedAt });
    }
  } catch (error) {
    deps.journal.warn('The report was stored; deciding its group failed', { customer, group, error: String(error) });
  }
  await deps.held.releaseDue();
  return { status: 200, accepted, dropped, ignored };
}
