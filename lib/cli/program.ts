import { Command, CommanderError } from 'commander';
import { AdminFailure } from './admin-client.ts';
import { applyCommand, diffCommand } from './apply-command.ts';
import { changesCommand, rollbackCommand } from './changes-command.ts';
import { compareCommand } from './compare-command.ts';
import { completionCommand } from './completion-command.ts';
import { connectCommand } from './connect-command.ts';
import { decisionsCommand } from './decisions-command.ts';
import { devCommand } from './dev-command.ts';
import { disconnectCommand } from './disconnect-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { enableCommand } from './enable-command.ts';
import { estimateCommand } from './estimate-command.ts';
import { explainCommand } from './explain-command.ts';
import { explainPolicyCommand } from './explain-policy-command.ts';
import { exportCommand, getCommand } from './get-command.ts';
import { iamCommand } from './iam-command.ts';
import { tellAllMistakes } from './mistakes.ts';
import { modeCommand } from './mode-command.ts';
import { overrideCommand } from './override-command.ts';
import { pauseCommand, resumeCommand } from './pause-command.ts';
import { principalCommand, whoamiCommand } from './principal-command.ts';
import { forgetCommand, removeCommand } from './remove-command.ts';
import { serveCommand } from './serve-command.ts';
import { servicesCommand } from './services-command.ts';
import { simulateCommand } from './simulate-command.ts';
import { statusCommand } from './status-command.ts';
import { tailCommand } from './tail-command.ts';
import type { Terminal } from './terminal.ts';
import { tokenCommand } from './token-command.ts';
import { UserMistake } from './user-mistake.ts';

const DONE = 0;
const FAILED = 1;
const MISTAKEN = 2;
const HELP_WIDTH = 100;

/** Commands inherit neither the exit behaviour nor the output of their parent once they were made apart from it. */
function prepare(command: Command, terminal: Terminal): Command {
  for (const sub of command.commands) prepare(sub, terminal);
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => terminal.stdout.columns ?? HELP_WIDTH,
    })
    .showHelpAfterError('(--help tells more)')
    .showSuggestionAfterError();
}

/**
 * Runs one command line and resolves with its exit code: 0 done, 1 failed, 2 the user's mistake, told on stderr.
 * @param args without node and the script.
 */
export async function runCommandLine(args: readonly string[], version: string, terminal: Terminal): Promise<number> {
  let code = DONE;
  const onExit = (ended: number) => {
    code = ended;
  };
  const program = prepare(new Command('sluice'), terminal)
    .description('Scales Amazon ECS services from the queues in front of them.')
    .version(version, '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 a mistake in what was asked. Try: sluice dev');
  const commands = [
    devCommand(terminal, onExit),
    serveCommand(terminal, onExit),
    applyCommand(terminal, onExit),
    diffCommand(terminal, onExit),
    getCommand(terminal),
    explainPolicyCommand(terminal),
    statusCommand(terminal),
    explainCommand(terminal),
    connectCommand(terminal, onExit),
    enableCommand(terminal),
    disconnectCommand(terminal),
    servicesCommand(terminal),
    doctorCommand(terminal, onExit),
    decisionsCommand(terminal),
    tailCommand(terminal),
    pauseCommand(terminal),
    resumeCommand(terminal),
    overrideCommand(terminal),
    modeCommand(terminal),
    removeCommand(terminal),
    tokenCommand(terminal),
    changesCommand(terminal),
    rollbackCommand(terminal),
    exportCommand(terminal),
    forgetCommand(terminal, onExit),
    principalCommand(terminal),
    whoamiCommand(terminal),
    completionCommand(terminal, () => program),
    compareCommand(terminal),
    estimateCommand(terminal),
    simulateCommand(terminal),
    iamCommand(terminal, onExit),
  ];
  for (const command of commands) program.addCommand(prepare(command, terminal));
  for (const command of commands.flatMap((one) => (one.commands.length === 0 ? [one] : one.commands))) tellAllMistakes(command);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, terminal);
  }
}

function failed(error: unknown, terminal: Terminal): number {
  // Commander has told it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISTAKEN;
  if (error instanceof UserMistake) {
    for (const problem of error.problems) terminal.stderr.write(`${problem}\n`);
    return MISTAKEN;
  }
  if (error instanceof AdminFailure) terminal.stderr.write(`${error.message}\n`);
  else terminal.stderr.write(`sluice failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return FAILED;
}
