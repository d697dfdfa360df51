import { Command } from 'commander';
import { loadConfigs } from '../local/load-configs.ts';
import { runLocally } from '../local/run.ts';
import { withCheck } from './mistakes.ts';
import { durationOption, portOption, several } from './options.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface DevOptions {
  readonly config?: readonly string[];
  readonly port: number;
  readonly awsPort: number;
  readonly traffic: boolean;
  readonly for?: number;
  readonly json?: boolean;
  readonly allowRemote?: boolean;
}

const HELP = `
Without --config the example runs: a web app with the judoscale-express adapter and a job queue, under load that comes in
waves. With it, load goes to its services named "web" and "worker", and to none with --no-traffic; point an app at the URL
that is printed (JUDOSCALE_URL) and it is scaled in a stand-in for AWS, which enforces IAM as AWS does.

AWS_ENDPOINT_URL_ECS with AWS_ENDPOINT_URL_STS, and AWS_ENDPOINT_URL_DYNAMODB, replace the stand-in and the embedded
database by servers of your own, moto for one. The machine's AWS credentials and profiles are never used: every key that
is sent is made up.`;

/** `sluice dev`: the whole system on one machine. Returns through `onExit` with what the process is to exit with. */
export function devCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return withCheck<DevOptions>(new Command('dev'), ({ config = [] }) => fileProblems(config))
    .description('run the whole system on this machine: handlers, database, a stand-in for AWS, an example app under load')
    .option('--config <file>', 'policy file; several times for several customers (default: the example)', several)
    .option('--port <number>', 'port for reports and the admin API; 0 takes any', portOption, 8_710)
    .option('--aws-port <number>', 'port of the stand-in for AWS; 0 takes any', portOption, 8_711)
    .option('--no-traffic', 'no load')
    .option('--for <duration>', 'end after 60s, 5m, …; default: at Ctrl-C', durationOption)
    .option('--json', 'one JSON object a line on stdout (ready, decision, outcome, problem), and nothing else')
    .option('--allow-remote', 'let the AWS_ENDPOINT_URL variables point at other machines')
    .addHelpText('after', HELP)
    .action(async (options: DevOptions) => {
      const ended = await runLocally({
        configs: options.config ?? [],
        port: options.port,
        awsPort: options.awsPort,
        traffic: options.traffic,
        json: options.json ?? false,
        allowRemote: options.allowRemote ?? false,
        ...(options.for === undefined ? {} : { forMs: options.for }),
        terminal,
      });
      if (ended.kind === 'mistake') throw new UserMistake(ended.problems);
      onExit(ended.code);
    });
}

function fileProblems(files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  const loaded = loadConfigs(files, 'on');
  return loaded.ok ? [] : loaded.problems;
}
