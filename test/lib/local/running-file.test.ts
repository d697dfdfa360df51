import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announce, findRunning, runningFolder } from '../../../lib/local/running-file.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sluice-test-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const admin = 'http://127.0.0.1:4000/admin/secret';
const running = (pid: number, startedAt = '2026-01-01T00:00:00.000Z') => ({ admin, pid, startedAt });

describe('the file by which commands find a local run', () => {
  it('is found while the run is alive and gone afterwards', () => {
    const folder = join(base, 'sluice');
    const remove = announce(folder, running(process.pid));
    expect(findRunning(folder)).toEqual([running(process.pid)]);
    remove();
    expect(findRunning(folder)).toEqual([]);
  });

  it('is readable by its user alone, since it holds a secret', () => {
    const folder = join(base, 'sluice');
    announce(folder, running(process.pid));
    const [file] = readdirSync(folder);
    expect(statSync(join(folder, file ?? '')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('of a run that has died is not taken, nor what is no such file', () => {
    const folder = join(base, 'sluice');
    announce(folder, running(2 ** 22 + 12_345));
    writeFileSync(join(folder, 'local-run-1.json'), '{"admin":"not a url"}');
    writeFileSync(join(folder, 'local-run-2.json'), 'garbage');
    expect(findRunning(folder)).toEqual([]);
  });

  it('of a run that was killed is removed by the next', () => {
    const folder = join(base, 'sluice');
    announce(folder, running(2 ** 22 + 12_345));
    announce(folder, running(process.pid));
    expect(readdirSync(folder)).toEqual([`local-run-${process.pid}.json`]);
  });

  it('of the newest run comes first', () => {
    const folder = join(base, 'sluice');
    announce(folder, running(process.pid, '2026-01-01T00:00:00.000Z'));
    announce(folder, running(process.ppid, '2026-02-01T00:00:00.000Z'));
    expect(findRunning(folder).map((run) => run.pid)).toEqual([process.ppid, process.pid]);
  });

  it('is neither written nor read through a link that somebody put there', () => {
    const theirs = join(base, 'theirs');
    mkdirSync(theirs);
    chmodSync(theirs, 0o777);
    symlinkSync(theirs, join(base, 'sluice'));
    announce(join(base, 'sluice'), running(process.pid));
    expect(readdirSync(theirs)).toEqual([]);
    expect(findRunning(join(base, 'sluice'))).toEqual([]);
  });

  it("lies in the session's own folder where there is one", () => {
    expect(runningFolder({ XDG_RUNTIME_DIR: '/run/user/1' })).toMatch(/^\/run\/user\/1\/sluice-/);
    expect(runningFolder({})).toContain(tmpdir());
  });
});
