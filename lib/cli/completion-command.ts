import { Argument, Command } from 'commander';
import { answer } from './context.ts';
import type { Terminal } from './terminal.ts';

interface Completed {
  /** "sluice", "sluice token", … */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly flag: string; readonly description: string }[];
  /** Words that an argument may be. */
  readonly words: readonly string[];
}

/** What can follow each command, read from the program itself. */
function completedOf(command: Command, path: readonly string[]): Completed[] {
  const own: Completed = {
    path,
    description: command.description(),
    commands: command.commands.map((sub) => ({ name: sub.name(), description: sub.description() })),
    options: command.options.flatMap(({ long, description }) => (long ? [{ flag: long, description }] : [])),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  return [own, ...command.commands.flatMap((sub) => completedOf(sub, [...path, sub.name()]))];
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const firstClause = (text: string) => text.split(/[;:]/)[0] ?? '';

function bashScript(all: readonly Completed[]): string {
  const cases = all.map(({ path, commands, options, words }) => {
    const next = [...commands.map(({ name }) => name), ...words, ...options.map(({ flag }) => flag), '--help'];
    return `    ${quoted(path.slice(1).join(' '))}) words=${quoted(next.join(' '))} ;;`;
  });
  const known = all.flatMap(({ path }) => (path.length > 1 ? [path.slice(1).join(' ')] : []));
  return `# sluice completion bash > /etc/bash_completion.d/sluice, or: source <(sluice completion bash)
_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words
  local known=${quoted(`|${known.join('|')}|`)}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    local longer="\${path:+$path }$word"
    [[ "$known" == *"|$longer|"* ]] && path="$longer"
  done
  case "$path" in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  [[ \${#COMPREPLY[@]} -eq 0 ]] && mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
complete -o filenames -F _sluice sluice
`;
}

function zshScript(all: readonly Completed[]): string {
  const cases = all.map(({ path, commands, options, words }) => {
    const next = [
      ...commands.map(({ name, description }) => `${name}:${firstClause(description)}`),
      ...words,
      ...options.map(({ flag, description }) => `${flag}:${firstClause(description)}`),
      '--help:help',
    ];
    return `    ${quoted(path.slice(1).join(' '))}) choices=(${next.map(quoted).join(' ')}) ;;`;
  });
  const known = all.flatMap(({ path }) => (path.length > 1 ? [path.slice(1).join(' ')] : []));
  return `#compdef sluice
# sluice completion zsh > "\${fpath[1]}/_sluice"
_sluice() {
  local path_='' word longer known=${quoted(`|${known.join('|')}|`)}
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    longer="\${path_:+$path_ }$word"
    [[ "$known" == *"|$longer|"* ]] && path_="$longer"
  done
  case "$path_" in
${cases.join('\n')}
  esac
  _describe 'sluice' choices || _files
}
compdef _sluice sluice
`;
}

function fishScript(all: readonly Completed[]): string {
  const lines = all.flatMap(({ path, commands, options, words }) => {
    const [, ...rest] = path;
    const last = rest.at(-1);
    const seen = rest.map((name) => `__fish_seen_subcommand_from ${name}`);
    const none = commands.length > 0 ? [`not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`] : [];
    const here = last === undefined ? ['__fish_use_subcommand'] : [...seen, ...none];
    const when = `-n ${quoted(here.join('; and '))}`;
    return [
      ...commands.map(({ name, description }) => `complete -c sluice -f ${when} -a ${name} -d ${quoted(firstClause(description))}`),
      ...words.map((word) => `complete -c sluice -f ${when} -a ${word}`),
      ...(last === undefined
        ? []
        : options.map(({ flag, description }) => `complete -c sluice ${when} -l ${flag.slice(2)} -d ${quoted(firstClause(description))}`)),
    ];
  });
  return `# sluice completion fish > ~/.config/fish/completions/sluice.fish\n${lines.join('\n')}\n`;
}

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `sluice completion SHELL`: a script for the shell, made from the very commands that there are. */
export function completionCommand(terminal: Terminal, program: () => Command): Command {
  return new Command('completion')
    .description('print what completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      '\nbash: source <(sluice completion bash)\nzsh:  sluice completion zsh > "${fpath[1]}/_sluice"\nfish: sluice completion fish | source',
    )
    .option('--json', 'one JSON document on stdout, and nothing else')
    .action((shell: keyof typeof scripts, options: { readonly json?: boolean }) => {
      const script = scripts[shell](completedOf(program(), ['sluice']));
      answer(terminal, options, { shell, script }, script.trimEnd());
    });
}
