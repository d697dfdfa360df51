import { Command } from 'commander';
import { isLoopback } from '../local/aws-endpoints.ts';
import { loadConfigs } from '../local/load-configs.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import { appliedAnswer, readAnswer } from './admin-answers.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** `sluice apply FILE…`: puts the services of policy files under care. Exit code 1 when one of them was refused. */
export function applyCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return talking(
    new Command('apply').description(
      'put the services of policy files under care; what is wrong in a file is told with its line, and nothing is applied',
    ),
  )
    .argument('<file...>', 'policy files')
    .action(async (files: readonly string[], options: TalkOptions) => {
      const { client, url } = adminFor(options, terminal);
      // Nothing real can be harmed in a local run: there a service that names no mode is scaled.
      const local = isLoopback(new URL(url).hostname);
      const loaded = loadConfigs(files, local ? 'on' : 'observe');
      if (!loaded.ok) throw new UserMistake(loaded.problems);
      for (const warning of loaded.warnings) terminal.stderr.write(`${warning}\n`);
      const applied = readAnswer(appliedAnswer, await client.post('/v1/apply', { services: loaded.services.map(storeServiceConfig) }));
      const services = applied.services.map(({ token, ...service }) => ({
        ...service,
        ...(token === undefined ? {} : local ? { reportUrl: `${new URL(url).origin}/${token}` } : { token }),
      }));
      const lines = services.map((service) => {
        if (service.problem) return `${service.name}: refused, ${service.problem.code}: ${service.problem.why}`;
        if ('reportUrl' in service) return `${service.name}: ${service.mode}\n  JUDOSCALE_URL=${service.reportUrl}`;
        if ('token' in service)
          return `${service.name}: ${service.mode}\n  its report token, shown this once (JUDOSCALE_URL is the URL of ingest, a slash, and this): ${service.token}`;
        return `${service.name}: ${service.mode}`;
      });
      answer(terminal, options, { services }, lines.join('\n'));
      onExit(services.some((service) => service.problem) ? 1 : 0);
    });
}
