import { Command } from 'commander';
import { loadConfigs } from '../local/load-configs.ts';
import { explainPolicy } from '../policy/explain-policy.ts';
import { answer } from './context.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

/** `sluice explain-policy FILE…`: every knob in force, with each default and its reason. Asks nobody: it reads files. */
export function explainPolicyCommand(terminal: Terminal): Command {
  return new Command('explain-policy')
    .description(
      'show every knob that policy files set or leave at its default, and why that is the default; of a wrong file, every mistake',
    )
    .argument('<files...>', 'policy files')
    .option('--given', 'only what the file says itself')
    .option('--json', 'one JSON document on stdout, and nothing else')
    .action((files: readonly string[], options: { readonly json?: boolean; readonly given?: boolean }) => {
      const loaded = loadConfigs(files, 'observe');
      if (!loaded.ok) throw new UserMistake(loaded.problems);
      for (const warning of loaded.warnings) terminal.stderr.write(`${warning}\n`);
      const services = loaded.services.map((config) => ({
        customer: config.customer,
        name: config.name,
        rows: explainPolicy(config).filter(({ source }) => !options.given || source === 'given'),
      }));
      const text = services.map(({ name, rows }) => {
        const table = tableText(
          ['KNOB', 'VALUE', 'FROM', 'WHY'],
          rows.map(({ path, value, source, why }) => [path, value, source, why ?? '']),
        );
        return `${name}\n${table}`;
      });
      answer(terminal, options, { services }, text.join('\n\n'));
    });
}
