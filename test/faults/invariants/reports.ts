import type { Digest } from '../../../lib/reports/digest.ts';
import { unpackDigest } from '../../../lib/reports/pack-digest.ts';
import type { TableChange } from '../../../lib/stores/memory-table.ts';
import type { SentReport } from '../adapters.ts';
import type { Invoked } from '../platform.ts';
import { MOST_SKEW_MS, type Scene } from './scene.ts';

interface Delivered {
  readonly keys: Set<string>;
  readonly counts: Map<string, number>;
  /** It was taken whole once: delivered again, it may leave nothing new. */
  taken: boolean;
}

/** Invariants 4 and 5 where reports come in: twice is once, what is absurd is counted and never stored. */
export class ReportChecks {
  readonly #scene: Scene;
  readonly #delivered = new Map<string, Delivered>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** A write while this report was being taken. */
  stored(report: SentReport, { new: item }: TableChange): void {
    if (item === undefined || !/^[^#]+#r#/.test(item.pk)) return;
    const { scheduler } = this.#scene;
    const entry = this.#entry(report);
    const key = `${item.pk} ${item.sk}`;
    const packed = item['d'];
    const digest = packed instanceof Uint8Array ? unpackDigest(packed) : undefined;
    if (digest === undefined) return this.#scene.fail('5 harm stays where it is', `${key}: what was stored cannot be read`);
    const late = scheduler.now - report.sentAt > 240_000;
    if (entry.taken && !entry.keys.has(key) && !report.empty && !late)
      this.#scene.fail('4 twice is once', `report ${report.id} of ${report.customer}/${report.service}, delivered again, was stored again as ${item.sk}`);
    entry.keys.add(key);
    entry.counts.set(key, queueTimes(digest));
    const [ahead, behind] = [digest.base - scheduler.now, scheduler.now - digest.base];
    if (ahead > 5_000 + MOST_SKEW_MS + 1_000 || behind > 300_000 + 10_000 + MOST_SKEW_MS)
      this.#scene.fail('5 harm stays where it is', `${key}: dated ${Math.round(ahead / 1_000)} s from now`);
    for (const [name, { latency, depth }] of digest.queues)
      if ((latency?.value ?? 0) > 30 * 86_400_000 || (latency?.value ?? 0) < 0 || (depth?.value ?? 0) < 0)
        this.#scene.fail('5 harm stays where it is', `${key}: an absurd value of queue ${name}`);
    for (const { queueTime } of digest.web)
      if (queueTime.max > 600_000) this.#scene.fail('5 harm stays where it is', `${key}: a request that queued for ${queueTime.max} ms`);
  }

  /** What the sender was told. */
  answered(report: SentReport, result: Invoked, storeFailed: boolean): number | undefined {
    if (result.kind !== 'done') {
      if (result.kind === 'failed' && !storeFailed) this.#scene.fail('5 harm stays where it is', `a report made ingest fail: ${String(result.error)}`);
      return undefined;
    }
    const { statusCode = 200, body = '{}' } = result.value as { statusCode?: number; body?: string };
    if (statusCode >= 500) {
      if (!storeFailed) this.#scene.fail('5 harm stays where it is', `a report was answered with ${statusCode}: ${body}`);
      return statusCode;
    }
    if (statusCode !== 200) return statusCode;
    const { accepted, dropped, ignored } = JSON.parse(body) as { accepted: number; dropped: Record<string, number>; ignored: number };
    const sum = accepted + ignored + Object.values(dropped).reduce((a, b) => a + b, 0);
    if (sum !== report.samples) this.#scene.fail('5 harm stays where it is', `of ${report.samples} samples ${sum} are accounted for: ${body}`);
    const entry = this.#entry(report);
    const counted = [...entry.counts.values()].reduce((a, b) => a + b, 0);
    if (report.webAt !== undefined && !entry.taken && entry.keys.size > 0 && this.#scene.scheduler.now - report.sentAt < 200_000 && counted !== report.goodQueueTimes)
      this.#scene.fail('4 twice is once', `report ${report.id} of ${report.goodQueueTimes} requests was stored as one of ${counted}`);
    entry.taken = true;
    return statusCode;
  }

  #entry(report: SentReport): Delivered {
    const entry = this.#delivered.get(report.id) ?? { keys: new Set(), counts: new Map(), taken: false };
    this.#delivered.set(report.id, entry);
    return entry;
  }
}

const queueTimes = (digest: Digest): number => digest.web.reduce((sum, { queueTime }) => sum + queueTime.count, 0);
