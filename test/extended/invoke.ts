/**
 * npm run invoke -- FUNCTION EVENT.json: runs one built function with one event and prints its answer.
 *
 * A request of an adapter (events/reports) is handed over as Lambda would, for a service that is under care, and as if sent now.
 * Under Lambda's own runtime client where `npm run test:extended` has brought it, else by plain import. The table is one
 * in memory, unless AWS_ENDPOINT_URL_DYNAMODB names another on this machine (with SLUICE_TABLE, if it is not
 * "sluice-dev"). Credentials of the machine are never used.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { eventsOfFile } from './event-of-file.ts';
import { putExample } from './example-data.ts';
import { installedLambdaRic, startFunction } from './lambda-ric.ts';
import { type LocalDatabase, startLocalDatabase } from './local-database.ts';
import { type Answer, startRuntimeApi } from './runtime-api.ts';
import { stop } from './serve.ts';

const dist = resolve(import.meta.dirname, '../../dist');
const patienceMs = 60_000;

async function main(): Promise<void> {
  const [name, path, ...others] = process.argv.slice(2);
  if (name === undefined || path === undefined || others.length > 0) throw new Error('use: npm run invoke -- FUNCTION EVENT.json');
  if (!existsSync(join(dist, 'functions', name, 'index.mjs'))) {
    throw new Error(`dist/functions/${name} has not been built, or there is no such function: run "npm run build"`);
  }
  const database = await startLocalDatabase(
    process.env['SLUICE_TABLE'] ?? 'sluice-dev',
    loopback(process.env['AWS_ENDPOINT_URL_DYNAMODB']),
  );
  try {
    const content = readEvent(path);
    // Reports are taken from one service, which has no account: nothing of AWS is asked.
    const token = await putExample(database.env, { connected: false });
    for (const event of eventsOfFile(content, token, Date.now())) {
      const answer = await answerOf(name, event, database);
      console.log(JSON.stringify(answer.kind === 'response' ? answer.payload : answer, undefined, 2));
      if (answer.kind === 'error') process.exitCode = 1;
    }
  } finally {
    await database.close();
  }
}

async function answerOf(name: string, event: unknown, { env }: LocalDatabase): Promise<Answer> {
  const ric = installedLambdaRic();
  if (ric === undefined) {
    console.error('by plain import; "npm run test:extended" brings Lambda\'s own runtime client');
    return importAndCall(name, event, env);
  }
  const api = await startRuntimeApi(`arn:aws:lambda:us-east-1:000000000000:function:sluice-dev-${name}`);
  const running = startFunction(ric, dist, name, api.address, env);
  try {
    return await Promise.race([api.invoke(event, patienceMs), running.ended]);
  } finally {
    await stop(running.process);
    await api.close();
    process.stderr.write(running.output());
  }
}

async function importAndCall(name: string, event: unknown, env: Readonly<Record<string, string>>): Promise<Answer> {
  const url = pathToFileURL(join(dist, 'functions', name, 'index.mjs')).href;
  const script = `
    const { handler } = await import(${JSON.stringify(url)});
    const context = { awsRequestId: 'local', functionName: 'sluice-dev-${name}', getRemainingTimeInMillis: () => ${patienceMs} };
    const payload = await handler(${JSON.stringify(event)}, context);
    process.stdout.write('\\n' + JSON.stringify({ payload }));`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: patienceMs,
  });
  const lines = stdout.split('\n');
  process.stderr.write(`${stderr}${lines.slice(0, -1).join('\n')}`);
  const answer: unknown = JSON.parse(lines.at(-1) ?? '');
  return { kind: 'response', payload: Object(answer).payload };
}

function readEvent(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not a JSON event: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A real table of AWS is nothing that an event is to be tried on. */
function loopback(endpoint: string | undefined): string | undefined {
  if (endpoint !== undefined && !/^(127\.|localhost$|\[::1\]$)/.test(new URL(endpoint).hostname)) {
    throw new Error(`AWS_ENDPOINT_URL_DYNAMODB is ${endpoint}: only a database on this machine is used here`);
  }
  return endpoint;
}

await main().catch((error: unknown) => {
  console.error(`invoke: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
