import { type Command, CommanderError } from 'commander';
import { UserMistake } from './user-mistake.ts';

type Problems = readonly string[] | Promise<readonly string[]>;
type Check = (options: never, args: readonly (string | undefined)[]) => Problems;

const checks = new WeakMap<Command, Check[]>();

/**
 * Gives a command a check of what was typed, beyond the form of each option: what can be told without asking anybody. It is told
 * together with all else that is wrong. An option whose value could not be read has the typed text as its value.
 */
export function withCheck<Options>(
  command: Command,
  check: (options: Options, args: readonly (string | undefined)[]) => Problems,
): Command {
  checks.set(command, [...(checks.get(command) ?? []), check]);
  return command;
}

/**
 * As withCheck, for a command whose files are read to tell what is wrong with them: they are read once, and it acts on what was read.
 * @param prepare what is wrong, or with nothing wrong what to act on.
 */
export function actingOn<Options, Ready>(
  command: Command,
  prepare: (options: Options) => Promise<{ readonly problems: readonly string[]; readonly ready?: Ready }>,
  act: (ready: Ready, options: Options) => Promise<void>,
): Command {
  let ready: Ready | undefined;
  withCheck<Options>(command, async (options) => {
    const read = await prepare(options);
    ready = read.ready;
    return read.problems;
  });
  return command.action(async (options: Options) => {
    if (ready !== undefined) await act(ready, options);
  });
}

/**
 * Has a command tell everything that is wrong with how it was called, where Commander ends at the first: values that cannot be
 * read, options without their value, unknown and missing options, missing and superfluous arguments, and what its checks find.
 */
export function tellAllMistakes(command: Command): void {
  const problems: string[] = [];
  const keep = (message: string) => {
    const problem = message.replace(/^error: /, '');
    if (!problems.includes(problem)) problems.push(problem);
  };
  let unknown = false;
  for (const [flags, taker] of [
    ...command.options.map((option) => [`option '${option.flags}'`, option] as const),
    ...command.registeredArguments.map((argument) => [`argument '${argument.name()}'`, argument] as const),
  ]) {
    const parse: ((value: string, previous: unknown) => unknown) | undefined = Object(taker).parseArg;
    if (parse === undefined) continue;
    taker.argParser((value: string | undefined, previous: unknown) => {
      // An option at the end of the line: it is told that its value is missing.
      if (value === undefined) return '';
      try {
        return parse.call(taker, value, previous);
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        keep(`${flags}: '${value}' is invalid. ${error.message}`);
        return value;
      }
    });
  }
  // Commander ends where its `error` throws; as it comes back, Commander goes on to the next.
  Object.assign(command, {
    error: (message: string, { code }: { readonly code?: string } = {}) => {
      // What follows an unknown option may be its value: whether there are too many arguments cannot be told.
      if (code === 'commander.excessArguments' && unknown) return;
      keep(message);
      if (code !== 'commander.unknownOption' || unknown) return;
      unknown = true;
      for (const other of command.args.filter((arg) => arg.startsWith('-'))) Object(command).unknownOption(other);
      const given = command.args.filter((arg) => !arg.startsWith('-')).length;
      const wanted = command.registeredArguments.filter(({ required }) => required).slice(given);
      for (const argument of wanted) keep(`missing required argument '${argument.name()}'`);
    },
  });
  command.hook('preAction', async (_, acting) => {
    // Commander takes an unknown option for an argument.
    const isArgument = (value: unknown) => !unknown || typeof value !== 'string' || !value.startsWith('-');
    const args = acting.processedArgs.filter(isArgument).map((value) => (Array.isArray(value) ? value.filter(isArgument) : value));
    for (const check of checks.get(acting) ?? []) for (const problem of await check(acting.opts() as never, args)) keep(problem);
    if (problems.length > 0) throw new UserMistake([...problems, '(--help tells more)']);
  });
}
