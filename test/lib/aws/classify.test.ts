import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { DynamoDBServiceException, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ClientException,
  ClusterNotFoundException,
  ECSServiceException,
  ServerException,
  ServiceNotActiveException,
  ServiceNotFoundException,
} from '@aws-sdk/client-ecs';
import { STSServiceException } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { AwsFailureKind } from '../../../lib/aws/aws-failure.ts';
import { AwsFailure } from '../../../lib/aws/aws-failure.ts';
import { toAwsFailure } from '../../../lib/aws/classify.ts';
import { createDynamoClient } from '../../../lib/aws/dynamodb-client.ts';
import { createDynamoTable } from '../../../lib/aws/dynamodb-table.ts';
import { systemClock } from '../../../lib/clock.ts';
import { localClient, startDynalite } from '../../contracts/dynamodb-endpoint.ts';

const of = (name: string, status: number, message = 'said AWS') =>
  new ECSServiceException({
    name,
    $fault: status < 500 ? 'client' : 'server',
    message,
    $metadata: { httpStatusCode: status, requestId: 'r-1' },
  });
const modelled = { message: 'said ECS', $metadata: { httpStatusCode: 400 } };

describe('an error of AWS is told apart by its name', () => {
  test.each<[string, unknown, AwsFailureKind]>([
    ['AccessDeniedException', of('AccessDeniedException', 400), 'denied'],
    [
      'AccessDenied of STS',
      new STSServiceException({ name: 'AccessDenied', $fault: 'client', $metadata: { httpStatusCode: 403 } }),
      'denied',
    ],
    ['RegionDisabledException', of('RegionDisabledException', 403), 'denied'],
    ['ThrottlingException', of('ThrottlingException', 400), 'throttled'],
    [
      'ProvisionedThroughputExceededException',
      new DynamoDBServiceException({ name: 'ProvisionedThroughputExceededException', $fault: 'client', $metadata: {} }),
      'throttled',
    ],
    ['an unknown error of status 429', of('SlowPlease', 429), 'throttled'],
    ['ClusterNotFoundException', new ClusterNotFoundException(modelled), 'not-found'],
    ['ServiceNotFoundException', new ServiceNotFoundException(modelled), 'not-found'],
    ['ServiceNotActiveException', new ServiceNotActiveException(modelled), 'not-active'],
    ['ClientException', new ClientException(modelled), 'invalid'],
    ['InvalidParameterException', of('InvalidParameterException', 400), 'invalid'],
    ['UnsupportedFeatureException', of('UnsupportedFeatureException', 400), 'invalid'],
    ['PackedPolicyTooLarge', of('PackedPolicyTooLarge', 400), 'invalid'],
    ['an unknown error of status 400', of('NeverHeardOfException', 400), 'invalid'],
    ['ExpiredTokenException', of('ExpiredTokenException', 400), 'expired'],
    ['ExpiredToken', of('ExpiredToken', 403), 'expired'],
    ['UnrecognizedClientException', of('UnrecognizedClientException', 400), 'expired'],
    ['ServerException', new ServerException({ message: 'oops', $metadata: { httpStatusCode: 500 } }), 'unavailable'],
    ['an unknown error of status 503', of('NeverHeardOfException', 503), 'unavailable'],
    ['a refused connection', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'unavailable'],
    ['a name that is not found', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), 'unavailable'],
    [
      'refused on every address',
      Object.assign(new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]), { name: 'AggregateError' }),
      'unavailable',
    ],
    ['a connection that broke', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'timeout'],
    ['a call that was given up', Object.assign(new Error('Request aborted'), { name: 'AbortError' }), 'timeout'],
    ['a request that took too long', Object.assign(new Error(), { name: 'TimeoutError' }), 'timeout'],
    [
      'a socket error within the SDK’s',
      Object.assign(new Error('failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }), { name: 'Error' }),
      'timeout',
    ],
    ['ConditionalCheckFailedException', of('ConditionalCheckFailedException', 400), 'condition-failed'],
  ])('%s', (_name, error, kind) => {
    const failure = toAwsFailure(error, 'ecs:UpdateService');
    expect(failure).toBeInstanceOf(AwsFailure);
    expect(failure).toMatchObject({ kind, action: 'ecs:UpdateService', cause: error });
  });

  test('what it says is kept, with the request id', () => {
    expect(toAwsFailure(of('AccessDeniedException', 400, 'is not authorized'), 'ecs:UpdateService').message).toBe(
      'AccessDeniedException: is not authorized (request r-1)',
    );
  });

  test('what was told apart already passes through', () => {
    const failure = new AwsFailure('denied', 'ecs:UpdateService', 'no');
    expect(toAwsFailure(failure, 'other')).toBe(failure);
  });

  test('a fault of our own is no failure of AWS', () => {
    const fault = new TypeError('x is not a function');
    expect(() => toAwsFailure(fault, 'ecs:UpdateService')).toThrow(fault);
    expect(() => toAwsFailure('what?', 'ecs:UpdateService')).toThrow('what?');
  });
});

describe('errors as they really come', () => {
  const credentials = { accessKeyId: 'sluicetests', secretAccessKey: 'none' };

  test('a table that is not there is not found', async () => {
    const { endpoint, stop } = await startDynalite();
    const table = createDynamoTable({ name: 'none', client: localClient(endpoint), clock: systemClock });
    await expect(table.get({ pk: 'a', sk: 'b' })).rejects.toMatchObject({ kind: 'not-found', action: 'dynamodb:GetItem' });
    await stop();
  });

  test('a server that is not there is unavailable', async () => {
    const client = createDynamoClient({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials });
    const error: unknown = await client.send(new GetItemCommand({ TableName: 't', Key: {} })).catch((thrown: unknown) => thrown);
    expect(toAwsFailure(error, 'dynamodb:GetItem').kind).toBe('unavailable');
  });

  test('a server that hangs up is a lost answer', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = createDynamoClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
    const error: unknown = await client.send(new GetItemCommand({ TableName: 't', Key: {} })).catch((thrown: unknown) => thrown);
    expect(toAwsFailure(error, 'dynamodb:GetItem').kind).toBe('timeout');
    server.close();
  });

  test('a server that says nothing for two seconds is given up on, three times', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = createDynamoClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
    const error: unknown = await client.send(new GetItemCommand({ TableName: 't', Key: {} })).catch((thrown: unknown) => thrown);
    expect(toAwsFailure(error, 'dynamodb:GetItem').kind).toBe('timeout');
    expect(calls).toBe(3);
    client.destroy();
    server.close();
  }, 20_000);
});
