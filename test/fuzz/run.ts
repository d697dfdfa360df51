/**
 * tsx test/fuzz/run.ts [--cases N] [--seed S] [--only TARGET] [--episode E] [--processes 2]: hostile input for everything that takes
 * any (targets.ts). A seed that is not given is drawn and printed. A failing episode is printed with the command that replays it.
 * The last line is `N cases, N failed`; exit code 1 where any failed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { seedOfRun } from '../seed-of-run.ts';
import { type Failure, play, replayOf } from './play.ts';
import { episodesOf, TARGETS } from './targets.ts';
import { watch } from './watchdog.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    only: { type: 'string' },
    episode: { type: 'string' },
    processes: { type: 'string', default: '2' },
    /** Of these processes, this one: given to those that are started here. */
    part: { type: 'string' },
  },
});
const whole = (name: string, text: string, least: number): number => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  console.error(`--${name} ${JSON.stringify(text)}: a whole number from ${least} is needed`);
  return process.exit(2);
};
const cases = whole('cases', values.cases, 1);
const seed = values.seed === undefined ? seedOfRun('random') : whole('seed', values.seed, 0);
const processes = whole('processes', values.processes, 1);
const targets = TARGETS.filter(({ name }) => values.only === undefined || name === values.only);
if (targets.length === 0) {
  console.error(`--only ${values.only}: there are ${TARGETS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

/** What a part tells the process that started it. */
interface Told {
  readonly cases: number;
  readonly failures: readonly Failure[];
}

if (values.episode !== undefined) await replay(whole('episode', values.episode, 0));
else if (values.part !== undefined) await runPart(whole('part', values.part, 0));
else await runAll();

async function replay(episode: number): Promise<void> {
  const [target] = targets;
  if (target === undefined || values.only === undefined || values.seed === undefined) {
    console.error('--episode needs --only and --seed');
    process.exit(2);
  }
  let ran = 0;
  const failure = await play(target, seed, episode, () => {
    ran += 1;
  });
  if (failure) console.error(failure.why);
  console.log(`${ran} cases, ${failure ? 1 : 0} failed`);
  process.exit(failure ? 1 : 0);
}

/** Every so-manieth episode of each target. */
async function runPart(part: number): Promise<void> {
  const dog = watch(TARGETS.map(({ name }) => name));
  let ran = 0;
  let failures: Failure[] = [];
  let toldAt = Date.now();
  const tell = () => {
    const told: Told = { cases: ran, failures };
    process.send?.(told);
    failures = [];
    toldAt = Date.now();
  };
  for (const [target, episodes] of episodesOf(targets, cases)) {
    for (let episode = part; episode < episodes; episode += processes) {
      dog.episode(target.name, episode);
      const failure = await play(target, seed, episode, () => {
        ran += 1;
        dog.step();
      });
      if (failure) failures.push(failure);
      if (failure || Date.now() - toldAt > 500) tell();
    }
  }
  tell();
  await dog.end();
  process.disconnect?.();
}

async function runAll(): Promise<void> {
  console.log(`seed ${seed}, ${cases} cases, targets ${targets.map(({ name }) => name).join(', ')}`);
  const began = Date.now();
  const ran: number[] = Array.from({ length: processes }, () => 0);
  let failed = 0;
  const total = () => ran.reduce((sum, each) => sum + each, 0);
  const args = [
    '--cases',
    String(cases),
    '--seed',
    String(seed),
    '--processes',
    String(processes),
    ...(values.only === undefined ? [] : ['--only', values.only]),
  ];
  const parts = ran.map((_, part) => {
    const child = fork(import.meta.filename, [...args, '--part', String(part)], { execArgv: process.execArgv });
    child.on('message', (told: Told) => {
      ran[part] = told.cases;
      for (const failure of told.failures) {
        failed += 1;
        console.error(`\nfailed   ${failure.target}, episode ${failure.episode}: ${failure.why}\n         ${replayOf(seed, failure)}`);
      }
      if (process.stderr.isTTY)
        process.stderr.write(
          `\r${total()} of ${cases} cases, ${failed} failed, ${Math.round(total() / ((Date.now() - began) / 1_000))} a second `,
        );
    });
    return once(child, 'exit');
  });
  for (const [code, signal] of await Promise.all(parts)) {
    if (code === 0) continue;
    failed += 1;
    console.error(`\nfailed   a process ended with ${signal ?? code}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  const seconds = (Date.now() - began) / 1_000;
  console.log(`seed ${seed}, ${Math.round(total() / seconds)} cases a second on ${processes} processes, ${Math.round(seconds)} s`);
  console.log(`${total()} cases, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
