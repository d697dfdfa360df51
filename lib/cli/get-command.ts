import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { fileForm } from '../policy/file-form.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { demandCustomer } from './demand-customer.ts';
import { findService } from './find-service.ts';
import { type StoredConfig, storedConfigs } from './stored-configs.ts';
import type { Terminal } from './terminal.ts';

interface GetOptions extends TalkOptions {
  readonly customer?: string;
}

/** Services as the policy file of their customer. */
const policyFile = (customer: string, stored: readonly StoredConfig[]) => ({
  customer,
  services: Object.fromEntries(stored.map(({ config }) => [config.name, fileForm(config)])),
});

/** As YAML, with what is in force beside the file as comments: it is not the file's, and applying it would not bring it back. */
function policyYaml(customer: string, stored: readonly StoredConfig[]): string {
  const beside = stored.flatMap(({ config, overrides, tags }) => [
    ...overrides.map(
      ({ name, min, max, until }) =>
        `# ${config.name}: override "${name}"${min === undefined ? '' : `, min ${min}`}${max === undefined ? '' : `, max ${max}`} until ${new Date(until).toISOString()}`,
    ),
    ...Object.entries(tags).map(([tag, value]) => `# ${config.name}: the tag sluice:${tag}=${value} stands over this`),
  ]);
  return `${[...beside, ''].join('\n').trimStart()}${stringify(policyFile(customer, stored), { lineWidth: 140 })}`;
}

function byCustomer(stored: readonly StoredConfig[]): [string, StoredConfig[]][] {
  const customers = new Map<string, StoredConfig[]>();
  for (const one of stored) customers.set(one.config.customer, [...(customers.get(one.config.customer) ?? []), one]);
  return [...customers].sort(([a], [b]) => a.localeCompare(b));
}

/** `sluice get [SERVICE]`: what is configured, as a policy file. */
export function getCommand(terminal: Terminal): Command {
  return talking(new Command('get').description('print what is configured, as policy files; overrides and tags in force as comments'))
    .argument('[service]', 'name of the service, or customer/name; default: all')
    .option('--customer <name>', 'only those of this customer')
    .action(async (name: string | undefined, options: GetOptions) => {
      const { client } = adminFor(options, terminal);
      const query = name === undefined ? {} : await findService(client, name, options.customer);
      const stored = await storedConfigs(client, options.customer === undefined ? query : { customer: options.customer, ...query });
      if (stored.length === 0) await demandCustomer(client, options.customer);
      const files = byCustomer(stored);
      const text = files.map(([customer, services]) => policyYaml(customer, services).trimEnd()).join('\n---\n');
      answer(
        terminal,
        options,
        { files: files.map(([customer, services]) => policyFile(customer, services)) },
        text === '' ? 'No services yet: apply a policy file.' : text,
      );
    });
}

/** `sluice export DIR`: a policy file for each customer, to keep or to apply elsewhere. */
export function exportCommand(terminal: Terminal): Command {
  return talking(
    new Command('export').description(
      'write what is configured into a folder, a policy file for each customer: kept in git it is a backup, and sluice apply brings it back',
    ),
  )
    .argument('<folder>', 'made if it is not there; files of the same names are replaced')
    .option('--customer <name>', 'only this customer')
    .action(async (folder: string, options: GetOptions) => {
      const { client } = adminFor(options, terminal);
      const stored = await storedConfigs(client, options.customer === undefined ? {} : { customer: options.customer });
      if (stored.length === 0) await demandCustomer(client, options.customer);
      mkdirSync(folder, { recursive: true });
      const files = byCustomer(stored).map(([customer, services]) => {
        const path = join(folder, `${customer}.yml`);
        writeFileSync(path, policyYaml(customer, services));
        return { path, customer, services: services.length };
      });
      const text = files.map(({ path, services }) => `${path}: ${services} ${services === 1 ? 'service' : 'services'}`).join('\n');
      answer(terminal, options, { files }, text === '' ? 'No services yet: nothing was written.' : text);
    });
}
