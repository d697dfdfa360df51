import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Line, type Run, scratch, start } from '../e2e/local-run.ts';

const moto = process.env['SLUICE_MOTO_URL'];
const account = '222233334444';
const region = 'us-east-1';

describe.skipIf(moto === undefined)('a local run against moto (ECS, STS and DynamoDB)', () => {
  const home = scratch();
  let run: Run;
  let ready: Line;
  let ecs: ECSClient;

  beforeAll(async () => {
    build();
    const endpoint = moto ?? '';
    const sts = new STSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/deployer`, RoleSessionName: 'deployer' }),
    );
    ecs = new ECSClient({
      endpoint,
      region,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    const cluster = `moto-${process.pid}`;
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'api', containerDefinitions: [{ name: 'api', image: 'api', memory: 64 }] }));
    await ecs.send(new CreateServiceCommand({ cluster, serviceName: 'api', taskDefinition: 'api', desiredCount: 2 }));
    const service = (name: string) =>
      `  ${name}:\n    arn: arn:aws:ecs:${region}:${account}:service/${cluster}/${name}\n    tasks: { min: 2, max: 20 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`;
    const file = home.write('sluice.yml', `customer: acme\nservices:\n${service('api')}${service('missing')}`);
    run = start(['dev', '--json', '--port', '0', '--no-traffic', '--config', file], {
      XDG_RUNTIME_DIR: home.path,
      AWS_ENDPOINT_URL: endpoint,
    });
    ready = await run.until((line) => line.type === 'ready', 20_000);
  }, 60_000);
  afterAll(async () => {
    run?.child.kill('SIGTERM');
    expect((await run?.ended)?.code).toBe(0);
    home.remove();
  });

  it('takes the service that is there, and tells the one that is not as a problem of its own', () => {
    expect(Object.keys(ready['services'])).toEqual(['api']);
    expect(run.lines()).toContainEqual(expect.objectContaining({ type: 'problem', service: 'missing', code: 'ServiceNotFound' }));
  });

  it('says that this STS lets a role be assumed without its external ID', () => {
    expect(run.lines()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'TrustTooOpen' }));
  });

  it('changes the desired count in moto when reports breach the target', { timeout: 90_000 }, async () => {
    const url = `${ready['services'].api.reportUrl}/v3/reports`;
    let sent = 0;
    const report = () => {
      const at = Date.now() / 1_000 - 1;
      const metrics = Array.from({ length: 40 }, (_, i) => [at, 1_000 + i + sent, 'qt', null]);
      sent += 1;
      return fetch(url, {
        method: 'POST',
        body: JSON.stringify({ container: 'c', pid: sent, metrics }),
        headers: { 'content-type': 'application/json' },
      });
    };
    expect((await report()).status).toBe(200);
    const reporting = setInterval(() => void report().catch(() => undefined), 1_000);
    const outcome = await run
      .until((line) => line.type === 'outcome' && line['outcome'] === 'applied', 80_000)
      .finally(() => clearInterval(reporting));
    expect(outcome).toMatchObject({ service: 'api' });
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: `moto-${process.pid}`, services: ['api'] }));
    expect(services?.[0]?.desiredCount).toBeGreaterThan(2);
  });
});
