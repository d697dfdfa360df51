import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfigs } from '../local/load-configs.ts';
import { formatDuration } from '../policy/duration.ts';
import type { ServiceConfig } from '../policy/policy.ts';
import { allScalers, type Setting, scalerFor } from '../simulate/compare/scalers.ts';
import { readTrace, traceProblems } from '../simulate/read-trace.ts';
import { runChart } from '../simulate/run-chart.ts';
import { type SimulationResult, simulate } from '../simulate/run-simulation.ts';
import { type SettingOptions, settingOf } from '../simulate/setting.ts';
import type { SimulationReport } from '../simulate/simulation-report.ts';
import { sluiceScaler } from '../simulate/sluice-scaler.ts';
import type { Trace } from '../simulate/trace.ts';
import { answer } from './context.ts';
import { actingOn } from './mistakes.ts';
import { FAULTS_HELP, type RawModelOptions, readModelOptions, readSeed, withModelOptions } from './model-options.ts';
import { progressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';
import { unwritable } from './unwritable.ts';
import { UserMistake } from './user-mistake.ts';

interface SimulateOptions extends RawModelOptions {
  /** Missing where the person left it out, which is told. */
  readonly trace?: string;
  readonly config?: string;
  readonly service?: string;
  readonly scaler?: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly chart?: string;
}

const HELP = `
A trace is CSV with a header: t_seconds,rate_rps (mean rate in the bin), t_seconds,count (events in the bin), or
t_seconds,service_s (one job a line; queue latency counts).

Without --config Sluice runs with its default policy and the SLO alone. With it the service's own policy runs: its bounds
and the SLO of its target hold where --min, --max and --slo do not say otherwise; mode and arn are ignored. The first second of
a trace is a Monday, midnight UTC.
${FAULTS_HELP}`;

/** `sluice simulate`: what a scaler would have done to a recorded workload, and what that would have cost. */
export function simulateCommand(terminal: Terminal): Command {
  const command = new Command('simulate')
    .description('run Sluice, or another scaler, over a recorded workload: what it would have done, and cost')
    .requiredOption('--trace <file>', 'the workload, as CSV')
    .option('--config <file>', 'policy file; with --service where it has several')
    .option('--service <name>', "the file's service whose policy runs")
    .option('--scaler <id>', `who scales, instead of Sluice: ${allScalers.join(', ')}`);
  withModelOptions(command)
    .option('--seed <number>', 'the same seed gives the same run (default: 1)')
    .option('--json', 'one JSON object on stdout, and nothing else')
    .option('--chart <file>', 'write a picture of the run as SVG')
    .addHelpText('after', HELP);
  return actingOn(
    command,
    (options: SimulateOptions) => prepare(options, terminal),
    async ({ setting, scaler }, options) => {
      const onProgress = progressBar(terminal, `simulating ${setting.workload.name}`);
      const result = simulate({ ...setting, scaler, onProgress });
      if (options.chart !== undefined) writeChart(options.chart, result);
      const automatic = options.scale === undefined || options.scale === 'auto';
      answer(terminal, options, result.report, people(result.report, automatic && options.serviceTimeScale === undefined));
    },
  );
}

interface Prepared {
  readonly setting: Setting;
  readonly scaler: ReturnType<typeof scalerFor>;
}

/** Reads everything that was given; what is wrong with any of it is told at once. */
async function prepare(
  options: SimulateOptions,
  terminal: Terminal,
): Promise<{ readonly problems: readonly string[]; readonly ready?: Prepared }> {
  const ofFile: string[] = [];
  const service = options.config === undefined ? undefined : readService(options.config, options.service, ofFile, terminal);
  const { model, problems } = readModelOptions(options, service?.policy);
  const { seed, problems: seedProblems } = readSeed(options.seed);
  problems.push(...seedProblems);
  const id = options.scaler ?? 'sluice';
  if (!allScalers.includes(id)) problems.push(`--scaler: there is no "${id}"; there are ${allScalers.join(', ')}`);
  if (options.config !== undefined && id !== 'sluice') problems.push(`--config: a policy is run by sluice, not by ${id}`);
  if (options.service !== undefined && options.config === undefined)
    problems.push('--service: names a service of a policy file; give it with --config');
  // Known before the run, not after.
  if (options.chart !== undefined) problems.push(...(await unwritable('--chart', options.chart)));
  problems.push(...ofFile);
  if (options.trace === undefined) return { problems };
  const read = await readTrace(options.trace);
  problems.push(...traceProblems(options.trace, read));
  if (read.ok && service !== undefined) problems.push(...unfit(service, read.trace));
  if (problems.length > 0 || !read.ok) return { problems };
  const setting = settingOf(read.trace, withPolicy(model, service, read.trace.kind), seed);
  const scaler = service === undefined ? scalerFor(id, setting) : boundedService(service, setting);
  return { problems, ready: { setting, scaler } };
}

function readService(path: string, name: string | undefined, problems: string[], terminal: Terminal): ServiceConfig | undefined {
  const loaded = loadConfigs([path], 'on');
  if (!loaded.ok) {
    problems.push(...loaded.problems);
    return undefined;
  }
  for (const warning of loaded.warnings) terminal.stderr.write(`${warning}\n`);
  const names = loaded.services.map((service) => service.name).join(', ');
  const found = loaded.services.filter((service) => name === undefined || service.name === name);
  if (found.length === 1) return found[0];
  problems.push(
    name === undefined
      ? `--service: ${path} has several services, name one of ${names}`
      : `--service: ${path} has no "${name}"; it has ${names}`,
  );
  return undefined;
}

/** A service without a target that the workload feeds would never be scaled: better said than simulated. */
function unfit({ name, policy }: ServiceConfig, { kind }: Trace): string[] {
  const fed = kind === 'jobs' ? ['job-latency', 'job-depth'] : ['request-queue-time', 'response-time', 'utilization'];
  if (policy.targets.some((target) => fed.includes(target.kind))) return [];
  return [`--service: ${name} has no target on ${fed.join(' or ')}, which is what a trace of ${kind} feeds`];
}

/** Bounds and SLO of the service's own policy, where the options do not say otherwise. */
function withPolicy(model: SettingOptions, service: ServiceConfig | undefined, kind: Trace['kind']): SettingOptions {
  if (service === undefined) return model;
  const sloMs = model.sloMs ?? objectiveOf(service, kind);
  const { min, max } = service.policy;
  return { ...model, min: model.min ?? min, max: model.max ?? max, ...(sloMs === undefined ? {} : { sloMs }) };
}

/** The SLO that the policy itself names, ms. */
function objectiveOf(service: ServiceConfig, kind: Trace['kind']): number | undefined {
  for (const target of service.policy.targets) {
    if (kind === 'requests' && target.kind === 'request-queue-time') return target.topMs;
    if (kind === 'jobs' && target.kind === 'job-latency') return target.topMs;
  }
  return undefined;
}

const boundedService = (service: ServiceConfig, { min, max }: Setting): ReturnType<typeof scalerFor> => {
  const config = { ...service, policy: { ...service.policy, min, max } };
  return (scenario) => sluiceScaler(scenario, config);
};

function writeChart(path: string, result: SimulationResult): void {
  try {
    writeFileSync(path, runChart(result));
  } catch (error) {
    throw new UserMistake([`--chart: ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function people(report: SimulationReport, automatic: boolean): string {
  const { parameters, queueTimeMs, spec } = report;
  const scaled = parameters.kind === 'jobs' ? 'service times × ' : 'load × ';
  const rows: (readonly [string, string])[] = [
    ['trace', `${report.trace}, ${scaled}${Number(parameters.scale.toPrecision(4))}${automatic ? ', for a mean demand of ten tasks' : ''}`],
    ['scaler', `${report.scaler}, ${parameters.min} to ${parameters.max} tasks, seed ${report.seed}`],
    ['SLO', `queue time of ${formatDuration(Math.round(parameters.sloMs))}`],
    ['violation minutes', String(report.violationMinutes)],
    ['late', `${Number((report.lateShare * 100).toPrecision(3))} %`],
    ['queue time', `p50 ${ms(queueTimeMs.p50)}, p95 ${ms(queueTimeMs.p95)}, p99 ${ms(queueTimeMs.p99)}, at most ${ms(queueTimeMs.max)}`],
    ['longest over the SLO', `${report.recoverySeconds} s`],
    ['task-hours', `${report.taskHours}, ${report.overProvisionedTaskHours} of them over the demand`],
    ...(parameters.lowerBoundTaskHours === undefined ? [] : [['lower bound', `${parameters.lowerBoundTaskHours} task-hours`] as const]),
    ['largest count', `${report.maxTasks} tasks`],
    ['changes', `${report.actions}, ${report.reversals} of them back within 10 minutes`],
    ...(parameters.kind === 'jobs' ? [['broken off', `${report.lostJobs} jobs`] as const] : []),
    ['elasticity', `θU ${spec.thetaU} %, θO ${spec.thetaO} %, τU ${spec.tauU} %, τO ${spec.tauO} %, υ ${spec.upsilon} %`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`).join('\n');
}

const ms = (value: number) => (value < 1_000 ? `${Math.round(value)} ms` : `${Number((value / 1_000).toPrecision(3))} s`);
