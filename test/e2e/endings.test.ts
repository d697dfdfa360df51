import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, runToEnd, scratch, start } from './local-run.ts';

const home = scratch();
const env = { XDG_RUNTIME_DIR: home.path };
beforeAll(build, 90_000);
afterAll(() => home.remove());

const quiet = ['dev', '--json', '--port', '0', '--aws-port', '0', '--no-traffic'];

describe('how a local run ends', () => {
  it('tells every mistake of every file with line, rule and value, and starts nothing', async () => {
    const bad = home.write(
      'bad.yml',
      'customer: Acme\nservices:\n  web:\n    arn: nonsense\n    tasks: { min: 5, max: 2 }\n    scale: []\n    bogus: 1\n',
    );
    const ended = await runToEnd([...quiet, '--config', bad, '--config', `${home.path}/missing.yml`], env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    for (const part of [
      'bad.yml:1:',
      'found Acme',
      'bad.yml:4:',
      'found nonsense',
      'bad.yml:5:',
      'min (5)',
      'bad.yml:6:',
      'bad.yml:7:',
      'unknown-key',
      'missing.yml: there is no such file',
    ]) {
      expect(ended.stderr).toContain(part);
    }
  });

  it('refuses two files that put one ECS service under two policies', async () => {
    const file = (customer: string) =>
      home.write(
        `${customer}.yml`,
        `customer: ${customer}\nservices:\n  api:\n    arn: arn:aws:ecs:us-east-1:111122223333:service/shop/api\n    tasks: { min: 1, max: 2 }\n    scale: [{ request-queue-time: { p95: 50ms } }]\n`,
      );
    const ended = await runToEnd([...quiet, '--config', file('acme'), '--config', file('umbrella')], env);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('two policies would fight') });
  });

  it('exits with 1 and clear words when a port is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      }),
    );
    try {
      for (const [option, rest] of [
        ['--port', '--aws-port'],
        ['--aws-port', '--port'],
      ] as const) {
        const ended = await runToEnd(['dev', '--json', '--no-traffic', option, String(port), rest, '0'], env);
        expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`Port ${port} is taken`) });
        expect(ended.stderr).toContain(`another with ${option}`);
      }
    } finally {
      other.close();
    }
  });

  it('ends by itself after --for, with 0', async () => {
    const ended = await runToEnd([...quiet, '--for', '1s'], env);
    expect(ended.code).toBe(0);
    expect(ended.ms).toBeLessThan(11_000);
    expect(ended.stdout).toContain('"type":"ready"');
  });

  it('ends with 0 within five seconds of SIGTERM, at any moment of its start', async () => {
    for (const afterMs of [400, 900]) {
      const run = start(quiet, env);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const killed = Date.now();
      run.child.kill('SIGTERM');
      const ended = await run.ended;
      // Before node has come to our code the signal is the system's to obey.
      expect(ended.code === 0 || ended.signal === 'SIGTERM').toBe(true);
      expect(Date.now() - killed).toBeLessThan(5_000);
    }
  });

  it('refuses endpoints beyond this machine, and one of ECS and STS without the other', async () => {
    const far = await runToEnd(quiet, {
      ...env,
      AWS_ENDPOINT_URL_ECS: 'https://ecs.us-east-1.amazonaws.com',
      AWS_ENDPOINT_URL_STS: 'http://192.0.2.1',
    });
    expect(far).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--allow-remote') });
    expect(far.stderr).toContain('192.0.2.1');
    expect(await runToEnd(quiet, { ...env, AWS_ENDPOINT_URL_ECS: 'http://127.0.0.1:1' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('both or neither'),
    });
  });
});
