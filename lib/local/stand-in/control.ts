import { FAULTS_HELP, parseFaults } from './parse-faults.ts';
import { type Put, putAccount, putScalableTarget } from './put-account.ts';
import { putMetric, putQueue } from './put-measures.ts';
import { putService } from './put-service.ts';
import { deleteStack, putStack } from './put-stack.ts';
import { describe } from './service-state.ts';
import { ANSWERED_ACTIONS, type StandIn } from './stand-in.ts';
import type { WireAnswer, WireRequest } from './wire.ts';

type Route = (standIn: StandIn, body: unknown) => { readonly status?: number; readonly body: unknown };

/** Where the stage is set and looked at: not part of AWS, and not guarded, since the stand-in is reached from this machine alone. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /_services': ({ services }) => ({
    body: { services: services.all().map((service) => ({ arn: service.id.arn, ...describe(service) })) },
  }),
  'PUT /_services': ({ services }, body) => {
    const put = putService(body, services);
    if (!put.ok) return problems('this is no service', put.problems);
    const service = services.get(put.arn);
    return { body: service === undefined ? {} : { arn: put.arn, ...describe(service) } };
  },
  'PUT /_accounts': ({ accounts }, body) => answerPut('this is no account', putAccount(body, accounts)),
  'PUT /_scalable-targets': ({ accounts }, body) => answerPut('this is no scalable target', putScalableTarget(body, accounts)),
  'GET /_queues': ({ measures }) => ({ body: { queues: measures.queues().map(({ arn, state }) => ({ arn, ...state })) } }),
  'PUT /_queues': ({ measures }, body) => answerPut('this is no queue', putQueue(body, measures)),
  'PUT /_metrics': ({ measures }, body) => answerPut('this is no metric', putMetric(body, measures)),
  'PUT /_stacks': ({ identities }, body) => answerPut('this stack cannot be made', putStack(body, identities)),
  'DELETE /_stacks': ({ identities }, body) => answerPut('this is no stack', deleteStack(body, identities)),
  'GET /_faults': ({ faults }) => ({ body: { faults: faults.waiting().map(told), actions: ANSWERED_ACTIONS, help: FAULTS_HELP } }),
  'POST /_faults': ({ faults }, body) => {
    const parsed = parseFaults(body, ANSWERED_ACTIONS);
    if (!parsed.ok) return problems('this is no fault; GET /_faults shows the form', parsed.problems);
    faults.add(parsed.faults);
    return { body: { faults: faults.waiting().map(told) } };
  },
  'DELETE /_faults': ({ faults }) => {
    faults.clear();
    return { body: { faults: [] } };
  },
  'GET /_calls': ({ calls }) => ({ body: { calls: calls.all() } }),
  'DELETE /_calls': ({ calls }) => {
    calls.clear();
    return { body: { calls: [] } };
  },
};

/** Answers a request to a path that begins with an underscore. */
export function answerControl(standIn: StandIn, request: WireRequest): WireAnswer {
  const path = request.path.split('?')[0] ?? '';
  const route = ROUTES[`${request.method} ${path}`];
  if (route === undefined)
    return json(404, { error: `there is no ${request.method} ${path}; there are ${Object.keys(ROUTES).join(', ')}` });
  let body: unknown;
  try {
    body = request.body === '' ? undefined : JSON.parse(request.body);
  } catch (error) {
    return json(400, { error: 'the body is not JSON', problems: [String(error)] });
  }
  const answer = route(standIn, body);
  return json(answer.status ?? 200, answer.body);
}

const problems = (error: string, found: readonly string[]) => ({
  status: 400,
  body: { error: `${error}: ${found.join('; ')}`, problems: found },
});
const answerPut = (error: string, put: Put) => (put.ok ? { body: put.body } : problems(error, put.problems));
const told = ({ left, ...fault }: ReturnType<StandIn['faults']['waiting']>[number]) => ({
  ...fault,
  count: Number.isFinite(left) ? left : 'always',
});

function json(status: number, body: unknown): WireAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}
