import { createHash } from 'node:crypto';
import { unpackDigest } from '../../../lib/reports/pack-digest.ts';
import { reporterId } from '../../../lib/reports/report-identity.ts';
import type { TableChange } from '../../../lib/stores/memory-table.ts';
import type { SentReport } from '../adapters.ts';
import type { Invoked } from '../platform.ts';
import { storedReports } from '../stored-reports.ts';
import { MOST_SKEW_MS, type Scene } from './scene.ts';

interface Sent {
  readonly report: SentReport;
  /** Requests that are stored of it, by part. */
  readonly counted: Map<number, number>;
}

/** What Sluice collected itself is filed under this name, ahead of its time. */
const COLLECTOR = '@collect';

/** Invariants 4 to 6 where reports come in: twice is once, what is absurd is counted and never stored, nothing lands at another's. */
export class ReportChecks {
  readonly #scene: Scene;
  /** By "customer service reporter hash", as the system has to name them. */
  readonly #sent = new Map<string, Sent>();
  /** Whose each reporter is. */
  readonly #owners = new Map<string, string>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  sent(report: SentReport): void {
    const reporter = reporterId(report.service, report.container, '1');
    const hash = createHash('sha256').update(report.body).digest().subarray(0, 8).toString('base64url');
    this.#owners.set(reporter, report.customer);
    this.#sent.set(`${report.customer} ${report.service} ${reporter} ${hash}`, { report, counted: new Map() });
  }

  /** A write among the reports of a group. */
  stored({ new: item }: TableChange) {
    const [customer, kind] = item?.pk.split('#') ?? [];
    if (item === undefined || kind !== 'r') return;
    const harm = (why: string) => this.#scene.fail('5 harm stays where it is', `${item.pk} ${item.sk}: ${why}`);
    const reports = storedReports(item);
    if (reports === undefined) return harm('what was stored cannot be read');
    const { now } = this.#scene.scheduler;
    for (const { service, reporter, hash, part, digest: packed } of reports) {
      const digest = unpackDigest(packed);
      if (digest === undefined) return harm('a digest cannot be read');
      if (service === COLLECTOR) continue;
      const owner = this.#owners.get(reporter);
      if (owner !== customer) this.#scene.fail('6 nobody else’s', `${item.pk} ${item.sk}: holds a report of ${owner ?? 'nobody'}`);
      const [ahead, behind] = [digest.base - now, now - digest.base];
      if (ahead > 5_000 + MOST_SKEW_MS + 1_000 || behind > 330_000 + MOST_SKEW_MS) harm(`dated ${Math.round(ahead / 1_000)} s from now`);
      for (const [name, { latency, depth }] of digest.queues)
        if ((latency?.value ?? 0) > 30 * 86_400_000 || (latency?.value ?? 0) < 0 || (depth?.value ?? 0) < 0)
          harm(`an absurd value of queue ${name}`);
      for (const { queueTime } of digest.web) if (queueTime.max > 600_000) harm(`a request that queued for ${queueTime.max} ms`);
      const count = digest.web.reduce((sum, { queueTime }) => sum + queueTime.count, 0);
      const sent = this.#sent.get(`${customer} ${service} ${reporter} ${hash}`);
      if (sent === undefined && count > 0)
        this.#scene.fail(
          '4 twice is once',
          `${item.pk} ${item.sk}: ${count} requests are filed under a name that no report has: delivered again they would count twice`,
        );
      if (sent === undefined) continue;
      sent.counted.set(part, count);
      const total = [...sent.counted.values()].reduce((a, b) => a + b, 0);
      if (total > sent.report.goodQueueTimes)
        this.#scene.fail(
          '4 twice is once',
          `report ${sent.report.id} of ${sent.report.goodQueueTimes} requests is stored as one of ${total}`,
        );
    }
  }

  /** What the sender was told. */
  answered(report: SentReport, result: Invoked, storeFailed: boolean): number | undefined {
    const harm = (why: string) => this.#scene.fail('5 harm stays where it is', why);
    if (result.kind !== 'done') {
      if (result.kind === 'failed' && !storeFailed) harm(`a report made ingest fail: ${String(result.error)}`);
      return undefined;
    }
    const { statusCode = 200, body = '{}' } = result.value as { statusCode?: number; body?: string };
    if (statusCode >= 500 && !storeFailed) harm(`a report was answered with ${statusCode}: ${body}`);
    if (statusCode !== 200) return statusCode;
    const { accepted, dropped, ignored } = JSON.parse(body) as { accepted: number; dropped: Record<string, number>; ignored: number };
    const sum = accepted + ignored + Object.values(dropped).reduce((a, b) => a + b, 0);
    if (sum !== report.samples) harm(`of ${report.samples} samples ${sum} are accounted for: ${body}`);
    return statusCode;
  }
}
