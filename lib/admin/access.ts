import type { HttpRequest } from '../http/function-url.ts';
import type { Caller } from './caller.ts';

/** The caller may not do this: nothing was looked at or changed. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

/** Where a request says which customer it is about. `operator`: it is about Sluice itself, or about all of them. */
type Reach = 'operator' | 'query' | 'body' | 'services';

/** Every route; one that is missing here is the operator's alone. */
const reach: Readonly<Record<string, Reach | undefined>> = {
  'GET /v1/whoami': 'query',
  'GET /v1/services': 'query',
  'GET /v1/status': 'query',
  'GET /v1/points': 'query',
  'GET /v1/explain': 'query',
  'GET /v1/configs': 'query',
  'GET /v1/discovered': 'query',
  'GET /v1/doctor': 'query',
  'GET /v1/decisions': 'query',
  'GET /v1/changes': 'query',
  'GET /v1/tokens': 'query',
  'GET /v1/write-access': 'query',
  'POST /v1/apply': 'services',
  'POST /v1/remove': 'body',
  'POST /v1/mode': 'body',
  'POST /v1/override': 'body',
  'POST /v1/pause': 'body',
  'POST /v1/resume': 'body',
  'POST /v1/rollback': 'body',
  'POST /v1/tokens': 'body',
  'POST /v1/tokens/revoke': 'body',
  'POST /v1/accounts': 'body',
  'POST /v1/accounts/connect': 'body',
  'POST /v1/accounts/disconnect': 'body',
  'POST /v1/forget': 'operator',
  'GET /v1/principals': 'operator',
  'POST /v1/principals': 'operator',
  'POST /v1/principals/free': 'operator',
};

/**
 * The request as this caller may make it. One who is limited to a customer is asked for that customer in everything: a query
 * that names none is about theirs, whatever names another, or none where it would change something, is refused.
 * @throws NotAllowed
 */
export function allowedRequest(caller: Caller, route: string, request: HttpRequest): HttpRequest {
  const { customer } = caller;
  if (customer === undefined) return request;
  const refuse = (what: string): never => {
    throw new NotAllowed(`${caller.who} is limited to customer ${customer}: ${what}.`);
  };
  switch (reach[route] ?? 'operator') {
    case 'operator':
      return refuse('this is the operator’s to do');
    case 'query': {
      const asked = request.query['customer'];
      if (asked !== undefined && asked !== customer) refuse('another one’s is neither shown nor changed');
      return { ...request, query: { ...request.query, customer } };
    }
    case 'body':
      if (customerIn(parsed(request.body)) !== customer) refuse('the request has to name it, and no other');
      return request;
    case 'services': {
      const body = parsed(request.body);
      const services = typeof body === 'object' && body !== null && 'services' in body ? body.services : undefined;
      if (!Array.isArray(services) || services.some((service) => customerIn(service) !== customer)) {
        refuse('every service has to be of it');
      }
      return request;
    }
  }
}

const customerIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'customer' in value ? value.customer : undefined;

/** What is no JSON names no customer. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
