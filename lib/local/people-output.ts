import type { ServiceName } from '../journal.ts';
import type { Colour } from './colour.ts';
import { orderedJournal } from './ordered-journal.ts';
import type { Output, Ready } from './output.ts';
import { statusLine } from './status-line.ts';

const two = (n: number) => String(n).padStart(2, '0');

/** Local time of the viewer's own clock. */
function wallTime(at: number): string {
  const d = new Date(at);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

function header(ready: Ready, nameOf: (about: ServiceName) => string, colour: Colour): string[] {
  const lines = [colour.bold('Sluice runs on this machine only: it scales in a stand-in for AWS, with made-up credentials.'), ''];
  if (!ready.standIn) lines[0] = colour.bold(`Sluice runs on this machine and scales at ${ready.aws}, with made-up credentials.`);
  for (const service of ready.services) {
    lines.push(`  ${colour.cyan(nameOf(service))}  ${service.min} to ${service.max} tasks, mode ${service.mode}, group ${service.group}`);
    lines.push(colour.dim(`    ${service.arn}`));
    lines.push(colour.dim(`    JUDOSCALE_URL=${service.reportUrl}`));
  }
  lines.push('');
  if (ready.standIn) lines.push(`  stand-in for AWS  ${ready.aws}/_services  (also /_calls, /_faults)`);
  lines.push(
    `  admin API         ${ready.admin}  (the other commands of sluice find it by themselves)`,
    '',
    colour.dim('  Ctrl-C ends it.'),
    '',
  );
  return lines;
}

/** The local run for people: what runs, each decision as its sentence, a status line for each service now and then. */
export function peopleOutput(
  write: (line: string) => void,
  nameOf: (about: ServiceName) => string,
  colour: Colour,
  now: () => number,
): Output {
  let widest = 0;
  const say = (at: number, text: string) => write(`${colour.dim(wallTime(at))}  ${text}`);
  const journal = orderedJournal({
    decision: (about, decision) => {
      const name = nameOf(about);
      if (decision.kind === 'hold') return say(decision.at, `${colour.cyan(name)}  ${colour.dim(decision.why)}`);
      const way = decision.to > decision.from ? colour.green('▲') : colour.yellow('▼');
      say(decision.at, `${colour.cyan(name)}  ${way} ${colour.bold(decision.why)}`);
    },
    outcome: (about, { at, outcome, why }) => {
      const paint = outcome === 'applied' || outcome === 'unchanged' ? colour.green : outcome === 'superseded' ? colour.yellow : colour.red;
      say(at, `${colour.cyan(nameOf(about))}    ${paint(outcome)}: ${why}`);
    },
    problem: (about, { at, code, why }) => say(at, `${colour.cyan(nameOf(about))}  ${colour.red(`problem ${code}`)}: ${why}`),
    warn: (message, fields) => {
      const details = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      say(now(), `${colour.yellow('warning')}  ${[message, ...details].join('  ')}`);
    },
  });
  return {
    ...journal,
    ready: (ready) => {
      widest = Math.max(0, ...ready.services.map((service) => nameOf(service).length));
      for (const line of header(ready, nameOf, colour)) write(line);
    },
    status: (at, services) => {
      const rows = services.map((service) => ({ name: nameOf(service), service })).sort((a, b) => a.name.localeCompare(b.name));
      for (const { name, service } of rows) say(at, statusLine(name.padEnd(widest), service));
    },
  };
}
