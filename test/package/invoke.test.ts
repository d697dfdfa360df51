import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildInto } from './build-into.ts';

const root = resolve(import.meta.dirname, '../..');

/** As `npm run invoke -- FUNCTION FILE`; credentials and settings of the machine are not there. */
async function invoke(name: string, file: string): Promise<unknown> {
  const tsx = resolve(root, 'node_modules/tsx/dist/cli.mjs');
  const args = [tsx, 'test/extended/invoke.ts', name, `events/${file}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  const answer = stdout.slice(stdout.search(/^(\{|null|undefined)/m)).trim();
  return answer === 'undefined' ? undefined : JSON.parse(answer);
}

describe('npm run invoke', () => {
  beforeAll(() => buildInto(resolve(root, 'dist')), 60_000);

  test.each([
    ['ingest', 'function-url/report-with-unknown-token.json', { statusCode: 401 }],
    // What stands before ingest under a host name of one's own makes no difference to it.
    ['ingest', 'function-url/report-through-own-domain.json', { statusCode: 401 }],
    // As the adapters send it, to a service that is under care.
    ['ingest', 'reports/node-express.json', { statusCode: 200 }],
    ['ingest', 'reports/node-idle-trailing-slash.json', { statusCode: 200 }],
    ['admin', 'function-url/prepare-account.json', { statusCode: 200 }],
    ['tick', 'schedule/every-minute.json', undefined],
    ['collect', 'schedule/every-minute.json', undefined],
    ['discover', 'schedule/every-hour.json', undefined],
    ['scale', 'stream/decision.json', { batchItemFailures: [] }],
  ])('runs %s with %s', { timeout: 60_000 }, async (name, file, answer) => {
    const given = await invoke(name, file);
    if (answer === undefined) expect(given ?? null).toBeNull();
    else expect(given).toMatchObject(answer);
  });

  test('there is an event here for every function', async () => {
    const functions = (await readdir(resolve(root, 'functions'))).map((file) => file.replace(/\.ts$/, ''));
    const events = (await readdir(resolve(root, 'events'), { recursive: true })).filter((file) => file.endsWith('.json'));
    const readme = await readFile(resolve(root, 'events/README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `([\w/.*-]+)` \| ([a-z, ]+) \|/gm)].map(([, file = '', names = '']) => ({
      file,
      names: names.split(', '),
    }));
    // Each event has its row, and each function its event.
    const rowsOf = (event: string) =>
      rows.filter(({ file }) => new RegExp(`^${file.replaceAll('.', '\\.').replace('*', '[^/]+')}$`).test(event));
    expect(events.filter((event) => rowsOf(event).length !== 1)).toEqual([]);
    const served = [...new Set(events.flatMap((event) => rowsOf(event).flatMap(({ names }) => names)))];
    expect(served.sort()).toEqual(functions.sort());
  });
});
