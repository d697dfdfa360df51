import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectedAccount } from '../../../lib/accounts/account.ts';
import { createCustomerAws } from '../../../lib/aws/customer-aws.ts';
import { systemClock } from '../../../lib/clock.ts';

/** What mocks of the SDK cannot show: sockets that hang and break, and what is on the wire. */
const arn = 'arn:aws:ecs:us-east-1:111122223333:service/shop/web';
const account: ConnectedAccount = {
  customer: 'acme',
  accountId: '111122223333',
  externalId: 'sluice-0123456789abcdef0123456789abcdef',
  roleArn: 'arn:aws:iam::111122223333:role/sluice/reader',
};
const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIACUSTOMER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const described = JSON.stringify({
  services: [{ serviceArn: arn, serviceName: 'web', status: 'ACTIVE', desiredCount: 2, runningCount: 2, pendingCount: 0 }],
  failures: [],
});

interface Seen {
  readonly action: string;
  readonly body: string;
  readonly accessKeyId: string | undefined;
}
type Answer = (response: ServerResponse) => void;
const drop: Answer = (response) => response.destroy();
const hang: Answer = () => {};

let server: Server;
let endpoint: string;
let seen: Seen[];
let odd: Answer[];

beforeEach(async () => {
  seen = [];
  odd = [];
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const target = request.headers['x-amz-target'];
  const action = typeof target === 'string' ? `ecs:${target.split('.')[1]}` : `sts:${new URLSearchParams(body).get('Action')}`;
  seen.push({ action, body, accessKeyId: /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] });
  const instead = action.startsWith('ecs:') ? odd.shift() : undefined;
  if (instead) return instead(response);
  if (action.startsWith('sts:')) response.setHeader('content-type', 'text/xml').end(assumed);
  else
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(action === 'ecs:DescribeServices' ? described : '{"service":{}}');
}

const start = (timeoutMs = 2000) =>
  createCustomerAws({
    deployment: 'test',
    region: 'us-east-1',
    clock: systemClock,
    timeoutMs,
    endpoints: { sts: endpoint, ecs: endpoint },
    credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'x' },
  });

test('an update has three members on the wire, and is signed by the session, not by us', async () => {
  const writer = await start().writer(account, arn, 'decision-1');
  await writer.setDesiredCount(4);
  expect(seen.map(({ action, accessKeyId }) => [action, accessKeyId])).toEqual([
    ['sts:AssumeRole', 'AKIAOPERATOR'],
    ['ecs:UpdateService', 'ASIACUSTOMER'],
  ]);
  expect(JSON.parse(seen[1]?.body ?? '')).toEqual({ cluster: 'shop', service: 'web', desiredCount: 4 });
});

test('a look whose connection breaks is taken again', async () => {
  odd = [drop];
  const writer = await start().writer(account, arn, 'decision-1');
  expect(await writer.describe()).toMatchObject({ desired: 2 });
  expect(seen.filter((call) => call.action === 'ecs:DescribeServices')).toHaveLength(2);
});

test('an update whose answer is lost is sent once, and may have happened', async () => {
  odd = [drop];
  const writer = await start().writer(account, arn, 'decision-1');
  await expect(writer.setDesiredCount(4)).rejects.toMatchObject({ kind: 'timeout', action: 'ecs:UpdateService' });
  expect(seen.filter((call) => call.action === 'ecs:UpdateService')).toHaveLength(1);
});

test('a call without an answer is given up after its time, and its connection closed', async () => {
  odd = [hang];
  const closed = new Promise<void>((resolve) => server.on('connection', (socket) => socket.on('close', () => resolve())));
  const writer = await start(150).writer(account, arn, 'decision-1');
  const began = performance.now();
  await expect(writer.describe()).rejects.toMatchObject({ kind: 'timeout', message: 'no answer within 150 ms' });
  expect(performance.now() - began).toBeLessThan(1500);
  await closed;
});

test('an answer that trickles in is cut off as well', async () => {
  odd = [(response) => void response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).write('{"services":')];
  const writer = await start(150).writer(account, arn, 'decision-1');
  await expect(writer.describe()).rejects.toMatchObject({ kind: 'timeout' });
});

test('an answer that is not one of ECS is a failure, not a service', async () => {
  odd = [
    (response) => response.setHeader('content-type', 'text/html').end('<html>Welcome to the proxy</html>'),
    (response) => response.end('{}'),
  ];
  const writer = await start().writer(account, arn, 'decision-1');
  await expect(writer.describe()).rejects.toMatchObject({ name: 'AwsFailure', kind: 'unavailable' });
});

test('nobody there is a failure of the network', async () => {
  await new Promise((resolve) => server.close(resolve));
  await expect(start().writer(account, arn, 'decision-1')).rejects.toMatchObject({ kind: 'unavailable', action: 'sts:AssumeRole' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
