import middy from '@middy/core';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { createBreaker } from '../evaluate/breaker.ts';
import { createPointRecorder } from '../evaluate/point-recorder.ts';
import { answerErrors } from '../http/answer-errors.ts';
import { jsonAnswer, readRequest } from '../http/function-url.ts';
import { noEarlyAnswer } from '../no-early-answer.ts';
import { createBreakerStore } from '../stores/breaker-store.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createControlStore } from '../stores/control-store.ts';
import { createHistoryStore } from '../stores/history-store.ts';
import { createLeaseStore } from '../stores/lease-store.ts';
import { createPointStore } from '../stores/point-store.ts';
import { createReportStore } from '../stores/report-store.ts';
import { createTokenStore } from '../stores/token-store.ts';
import { createWatchStore } from '../stores/watch-store.ts';
import type { System } from '../system.ts';
import { createTokenAuthority } from '../tokens/token-authority.ts';
import { createGroupWatcher } from './group-watcher.ts';
import { createHeldReports, type HeldReports } from './held-reports.ts';
import { type IngestDeps, receiveReport } from './receive-report.ts';

export interface IngestSystem extends System {
  /** Of a process that stores what waits before it ends; default: its own. */
  readonly held?: HeldReports;
}

/** The report endpoint: `POST <anything>/<token>/v3/reports`. */
export function createIngest(system: IngestSystem) {
  const { table, clock, random, journal } = system;
  const onUnreadable = (key: unknown, why: string) => journal.warn('A stored item could not be read and was left out', { key, why });
  const configs = createConfigStore(table, { onUnreadable });
  const reports = createReportStore(table, { clock });
  const deps: IngestDeps = {
    clock,
    random,
    journal,
    configs,
    controls: createControlStore(table, { onUnreadable }),
    reports,
    held: system.held ?? createHeldReports({ reports, clock, journal }),
    breaker: createBreaker(createBreakerStore(table), journal),
    history: createHistoryStore(table, { clock, days: system.historyDays, onUnreadable }),
    points: createPointRecorder(createPointStore(table, { clock, days: system.historyDays }), journal, system.pointMs),
    watches: createWatchStore(table, { shards: system.dueShards, onUnreadable }),
    leases: createLeaseStore(table),
    tokens: createTokenAuthority(createTokenStore(table), clock, random),
    groups: createGroupWatcher(configs, clock),
  };
  return middy<LambdaFunctionURLEvent, LambdaFunctionURLResult>(noEarlyAnswer)
    .use(answerErrors(journal, 'Send the same report again: it counts once.'))
    .handler(async (event) => {
      const { method, path, body } = readRequest(event);
      const [token, version, reports] = path.slice(-3);
      if (token === undefined || version !== 'v3' || reports !== 'reports') {
        return jsonAnswer(404, { code: 'NotFound', why: 'Reports are posted to <report URL>/v3/reports.' });
      }
      if (method !== 'POST') return jsonAnswer(405, { code: 'MethodNotAllowed', why: `A report is sent by POST, not ${method}.` });
      const { status, ...answer } = await receiveReport(deps, token, body);
      return jsonAnswer(status, answer);
    });
}
