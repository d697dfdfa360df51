import type { MiddlewareObj } from '@middy/core';
import type { Journal } from '../journal.ts';
import { jsonAnswer } from './function-url.ts';

/**
 * Middleware: what a handler throws is told in the log and answered with 503, never with its text.
 * @param next what whoever asked can do now, in sentences.
 */
export function answerErrors(journal: Journal, next: string): MiddlewareObj {
  return {
    onError: (request) => {
      journal.warn('The request failed', { error: request.error?.stack ?? String(request.error) });
      const { awsRequestId } = request.context;
      request.response = jsonAnswer(503, {
        code: 'Unavailable',
        why: `Sluice could not do this just now. ${next} The reason is in its log${awsRequestId ? `, under request ${awsRequestId}` : ''}.`,
      });
    },
  };
}
