import type { MiddlewareObj } from '@middy/core';
import type { Journal } from '../journal.ts';
import { jsonAnswer } from './function-url.ts';

/** Middleware: what a handler throws is told in the log and answered with 503, never with its text. */
export function answerErrors(journal: Journal): MiddlewareObj {
  return {
    onError: (request) => {
      journal.warn('The request failed', { error: request.error?.stack ?? String(request.error) });
      request.response = jsonAnswer(503, {
        code: 'Unavailable',
        why: 'Sluice could not do this just now; nothing is half-done. Try again.',
      });
    },
  };
}
