import { Command } from 'commander';
import { isLoopback } from '../local/aws-endpoints.ts';
import { loadConfigs } from '../local/load-configs.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { storeServiceConfig } from '../policy/store-policy.ts';
import { appliedAnswer, readAnswer } from './admin-answers.ts';
import type { AdminClient } from './admin-client.ts';
import { confirmed } from './confirm.ts';
import { adminFor, answer, type TalkOptions, talking } from './context.ts';
import { withCheck } from './mistakes.ts';
import { several } from './options.ts';
import { diffText, policyDiff, type ServiceDiff } from './policy-diff.ts';
import { withProgress } from './progress.ts';
import { reportUrlAt, UNKNOWN_BEGINNING } from './report-url-at.ts';
import { storedConfigs } from './stored-configs.ts';
import type { Terminal } from './terminal.ts';
import { UserMistake } from './user-mistake.ts';

interface FileOptions extends TalkOptions {
  readonly file?: readonly string[];
}

const withFiles = (command: Command): Command =>
  withCheck(talking(command), fileProblems)
    .argument('[files...]', 'policy files')
    .option('-f, --file <file>', 'a policy file; several times for several', several);

/** What is wrong in any of the files is the same whatever Sluice they are for. */
function fileProblems({ file = [] }: FileOptions, [files]: readonly unknown[]): readonly string[] {
  const all = [...file, ...(Array.isArray(files) ? files.map(String) : [])];
  if (all.length === 0) return ['Name a policy file: -f sluice.yml'];
  const loaded = loadConfigs(all, 'observe');
  return loaded.ok ? [] : loaded.problems;
}

/** The services of the files. Throws `UserMistake` with everything that is wrong in any of them. */
function wantedServices(files: readonly string[], { file = [] }: FileOptions, url: string, terminal: Terminal): readonly ServiceConfig[] {
  const all = [...file, ...files];
  // Nothing real can be harmed in a local run: there a service that names no mode is scaled.
  const loaded = loadConfigs(all, isLoopback(new URL(url).hostname) ? 'on' : 'observe');
  if (!loaded.ok) throw new UserMistake(loaded.problems);
  for (const warning of loaded.warnings) terminal.stderr.write(`${warning}\n`);
  return loaded.services;
}

async function difference(client: AdminClient, wanted: readonly ServiceConfig[]): Promise<{ diffs: ServiceDiff[]; others: string[] }> {
  const customers = [...new Set(wanted.map(({ customer }) => customer))];
  const stored = (await Promise.all(customers.map((customer) => storedConfigs(client, { customer })))).flat().map(({ config }) => config);
  const named = new Set(wanted.map(({ customer, name }) => `${customer}/${name}`));
  const others = stored.filter(({ customer, name }) => !named.has(`${customer}/${name}`)).map(({ name }) => name);
  return { diffs: policyDiff(wanted, stored), others };
}

/** `sluice diff -f FILE`: what applying would change; changes nothing. */
export function diffCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return withFiles(new Command('diff').description('show what applying policy files would change, knob by knob; changes nothing'))
    .option('--exit-code', 'exit with 1 when something differs, for scripts')
    .action(async (files: readonly string[], options: FileOptions & { readonly exitCode?: boolean }) => {
      const { client, url } = adminFor(options, terminal);
      const wanted = wantedServices(files, options, url, terminal);
      const { diffs, others } = await withProgress(terminal, 'Comparing with what is stored', () => difference(client, wanted));
      answer(terminal, options, { services: diffs, others }, diffText(diffs, others));
      onExit(options.exitCode && diffs.some(({ change }) => change !== 'none') ? 1 : 0);
    });
}

/** `sluice apply -f FILE`: puts the services of policy files under care. Exit code 1 when one of them was refused. */
export function applyCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return withFiles(
    new Command('apply').description(
      'put the services of policy files under care: shows the difference first, and asks on a terminal; what is wrong in a file is told with its line, and nothing is applied',
    ),
  )
    .option('-y, --yes', 'do not ask')
    .action(async (files: readonly string[], options: FileOptions & { readonly yes?: boolean }) => {
      const { client, url } = adminFor(options, terminal);
      const wanted = wantedServices(files, options, url, terminal);
      const { diffs, others } = await withProgress(terminal, 'Comparing with what is stored', () => difference(client, wanted));
      terminal.stderr.write(`${diffText(diffs, others)}\n`);
      const changing = diffs.filter(({ change }) => change !== 'none').length;
      if (changing > 0 && !(await confirmed(terminal, `Apply to ${changing} of ${diffs.length} services?`, options))) {
        terminal.stderr.write('Nothing was applied.\n');
        return onExit(1);
      }
      await apply(terminal, client, url, wanted, options, onExit);
    });
}

async function apply(
  terminal: Terminal,
  client: AdminClient,
  url: string,
  wanted: readonly ServiceConfig[],
  options: TalkOptions,
  onExit: (code: number) => void,
): Promise<void> {
  const request = { services: wanted.map(storeServiceConfig) };
  const sent = await withProgress(terminal, `Applying ${wanted.length === 1 ? '1 service' : `${wanted.length} services`}`, () =>
    client.post('/v1/apply', request),
  );
  const applied = readAnswer(appliedAnswer, sent);
  const services = applied.services.map(({ token, reportUrl, ...service }) => {
    if (token === undefined) return service;
    const whole = reportUrl ?? reportUrlAt(url, token);
    return { ...service, ...(whole === undefined ? { token } : { reportUrl: whole }) };
  });
  const lines = services.map((service) => {
    if (service.problem) return `${service.name}: refused, ${service.problem.code}: ${service.problem.why}`;
    const state = `${service.name}: ${service.change === 'none' ? 'no change' : (service.change ?? 'applied')}, mode ${service.mode}`;
    if ('reportUrl' in service) return `${state}\n  JUDOSCALE_URL=${service.reportUrl}`;
    if ('token' in service) return `${state}\n  its report token, shown this once: ${service.token}\n  ${UNKNOWN_BEGINNING}`;
    return state;
  });
  answer(terminal, options, { services }, lines.join('\n'));
  onExit(services.some((service) => service.problem) ? 1 : 0);
}
