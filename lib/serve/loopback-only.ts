import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { jsonAnswer } from '../http/function-url.ts';
import { isLoopback } from '../local/aws-endpoints.ts';
import type { LambdaHandler } from '../local/lambda-context.ts';

/**
 * The admin API for whoever can open a port of this container (kubectl port-forward, ECS Exec), and for nobody's browser: a page
 * of somebody else's may make one send requests to loopback, but not without its origin, or at least the word of where it comes from
 * (an image or a link has no origin), nor under loopback's name.
 */
export const loopbackOnly =
  (handler: LambdaHandler<LambdaFunctionURLEvent>): LambdaHandler<LambdaFunctionURLEvent> =>
  async (event, context) => {
    const host = event.headers['host'] ?? '';
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
    const fromPage = event.headers['origin'] !== undefined || event.headers['sec-fetch-site'] !== undefined;
    if (fromPage || !isLoopback(name))
      return jsonAnswer(403, {
        code: 'NotAllowed',
        why: 'The admin API of a container answers to commands on its own loopback address only.',
      });
    return handler(event, context);
  };
