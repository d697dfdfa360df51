import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Line, type Run, scratch, start } from './local-run.ts';

/** A local run with a worker that only SQS knows about, and a web service that goes by its load balancer. */
const home = scratch();
const queue = 'arn:aws:sqs:us-east-1:111122223333:imports';
const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/prod/${name}`;
const file = `customer: acme
services:
  importer:
    arn: ${arn('importer')}
    group: jobs
    tasks: { min: 0, max: 30 }
    scale: [{ metric: { sqs: "${queue}", every: 10s, per-task: 20 } }]
  front:
    arn: ${arn('front')}
    group: web
    tasks: { min: 2, max: 30 }
    scale:
      - metric: { cloudwatch: { namespace: AWS/ApplicationELB, metric: TargetResponseTime, statistic: p95 }, target: 0.2 }
`;

let run: Run;
let aws = '';
beforeAll(async () => {
  build();
  run = start(['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic', '--config', home.write('acme.yml', file)], {
    XDG_RUNTIME_DIR: home.path,
  });
  aws = String((await run.until((line) => line.type === 'ready', 30_000))['aws']);
}, 90_000);
afterAll(async () => {
  run.child.kill('SIGKILL');
  await run.ended;
  home.remove();
});

const put = async (path: string, body: object) => {
  const answer = await fetch(`${aws}${path}`, { method: 'PUT', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
};
const outcomeOf = (service: string) => (line: Line) =>
  line.type === 'outcome' && line['service'] === service && line['outcome'] === 'applied';

describe('in the local run', () => {
  it('messages in a queue wake a worker at zero, through the role that the customer installs', async () => {
    await put('/_queues', { arn: queue, visible: 55, inFlight: 5 });
    expect(await run.until(outcomeOf('importer'), 14_000)).toMatchObject({ desiredCount: 3 });
    const { calls } = (await (await fetch(`${aws}/_calls`)).json()) as {
      calls: { service: string; allowed: boolean; sessionName: string }[];
    };
    const read = calls.filter(({ service }) => service === 'sqs');
    expect(read.length).toBeGreaterThan(0);
    expect(read.every(({ allowed, sessionName }) => allowed && sessionName === 'sluice.sluice-local.collect')).toBe(true);
  }, 20_000);

  it('a metric over its target adds a task', async () => {
    const name = { accountId: '111122223333', region: 'us-east-1', namespace: 'AWS/ApplicationELB', metric: 'TargetResponseTime' };
    await put('/_metrics', { ...name, value: 0.9 });
    expect(await run.until(outcomeOf('front'), 14_000)).toMatchObject({ desiredCount: 3 });
  }, 20_000);
});
