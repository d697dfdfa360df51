import { readFileSync } from 'node:fs';
import { parsePolicyFile } from '../policy/parse-policy-file.ts';
import type { Mode, ServiceConfig } from '../policy/policy.ts';
import { type FileProblem, formatFileProblem } from '../policy/review.ts';

export type LoadedConfigs =
  | { readonly ok: true; readonly services: readonly ServiceConfig[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

interface Located {
  readonly source: string;
  readonly config: ServiceConfig;
}

/** Where, what was found, and which rule it broke. */
const spoken = (problem: FileProblem) =>
  `${formatFileProblem(problem)} [${problem.rule}${problem.value === null ? '' : `; found ${problem.value}`}]`;

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : code === 'EACCES'
            ? 'it may not be read'
            : String(error);
    return { problem: `${path}: ${why}` };
  }
}

/** What several files say of one another: each service once, and one ECS service in the care of one policy only. */
function clashes(services: readonly Located[]): string[] {
  const problems: string[] = [];
  const byName = new Map<string, Located>();
  const byArn = new Map<string, Located>();
  for (const located of services) {
    const { source, config } = located;
    const name = `${config.customer}/${config.name}`;
    const [named, owned] = [byName.get(name), byArn.get(config.arn)];
    if (named !== undefined && named.source !== source)
      problems.push(
        `${source}: services.${config.name}: customer ${config.customer} has a service of this name in ${named.source} already`,
      );
    if (owned !== undefined && owned.source !== source)
      problems.push(
        `${source}: services.${config.name}.arn: ${config.arn} is in the care of ${owned.source} already: two policies would fight over it`,
      );
    byName.set(name, named ?? located);
    byArn.set(config.arn, owned ?? located);
  }
  return problems;
}

/** Reads policy files: the services of all, or everything that is wrong with any of them, each problem with its file and line. */
export function loadConfigs(paths: readonly string[], defaultMode: Mode): LoadedConfigs {
  const problems: string[] = [];
  const warnings: string[] = [];
  const services: Located[] = [];
  for (const path of new Set(paths)) {
    const file = readText(path);
    if ('problem' in file) {
      problems.push(file.problem);
      continue;
    }
    const parsed = parsePolicyFile(file.text, { source: path, defaultMode });
    if (parsed.ok) {
      services.push(...parsed.file.services.map((config) => ({ source: path, config })));
      warnings.push(...parsed.warnings.map(spoken));
    } else problems.push(...parsed.problems.map(spoken));
  }
  problems.push(...clashes(services));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, services: services.map(({ config }) => config), warnings };
}
