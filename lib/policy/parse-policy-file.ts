import { wrongCron } from './cron-check.ts';
import { values } from './default-values.ts';
import { type Feature, servedFeatures } from './features.ts';
import { limits } from './limits.ts';
import type { Mode, ServiceConfig } from './policy.ts';
import { entriesOf, readMap } from './read-map.ts';
import { readService } from './read-service.ts';
import { kindOf, numberOf, readName } from './read-value.ts';
import { createReview, type FileProblem, type Place, type Review } from './review.ts';
import { readYaml } from './yaml-tree.ts';

/** What a policy file says, every default filled in. */
export interface PolicyFile {
  readonly customer: string;
  readonly services: readonly ServiceConfig[];
}

export type PolicyFileResult =
  | { readonly ok: true; readonly file: PolicyFile; readonly warnings: readonly FileProblem[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

export interface ParseOptions {
  /** The file's name, for the problems. */
  readonly source: string;
  /** The mode of a service that names none: `observe`, in a local run `on`. */
  readonly defaultMode: Mode;
  /** What the engine serves; the rest of the grammar is refused with its line. */
  readonly supported?: ReadonlySet<Feature>;
}

/**
 * Reads a policy file (YAML 1.2, grammar version 1): the file, or everything that is wrong with it at
 * once, in the order of the lines. Never throws for any text. Warnings are of what is allowed and
 * hardly meant.
 */
export function parsePolicyFile(text: string, options: ParseOptions): PolicyFileResult {
  const review = createReview(options.source, options.supported ?? servedFeatures, wrongCron);
  const { tree, faults } = readYaml(text);
  for (const { at, path, rule, value, message } of faults) review.problemAt(at, path, rule, value, message);
  const file = tree && readFile({ tree, path: '', keyAt: tree.at }, review, options.defaultMode);
  if (file && review.problems.length === 0) return { ok: true, file, warnings: review.warnings };
  return { ok: false, problems: review.problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function readFile(place: Place, review: Review, defaultMode: Mode): PolicyFile | undefined {
  if (place.tree.kind !== 'map') return review.problem(place, 'type', `a policy file is a map with \`services\`, not ${kindOf(place)}`);
  const fields = readMap(place, review, ['version', 'customer', 'services'], '{ services: { web: { … } } }');
  const version = fields?.get('version');
  if (version && numberOf(version) !== 1)
    review.problem(version, 'one-of', 'this Sluice reads version 1 of the grammar: write `version: 1`, or leave it out');
  const customerPlace = fields?.get('customer');
  const customer = (customerPlace && readName(customerPlace, review)) ?? values.customer;
  const services = fields?.required('services', 'write the services by name, such as `services: { web: { … } }`');
  return services && { customer, services: readServices(services, review, customer, defaultMode) };
}

function readServices(place: Place, review: Review, customer: string, defaultMode: Mode): ServiceConfig[] {
  const entries = entriesOf(place);
  if (place.tree.kind !== 'map') review.problem(place, 'type', `has to be a map from a service's name to its policy, not ${kindOf(place)}`);
  else if (entries.length === 0) review.problem(place, 'range', 'names no service: write at least one');
  else if (entries.length > limits.services)
    review.problem(place, 'range', `a file holds at most ${limits.services} services; here are ${entries.length}`);
  const context = { customer, defaultMode, arns: new Map<string, Place>() };
  return entries.slice(0, limits.services).flatMap((entry) => {
    const service = review.full() ? undefined : readService(entry.key, entry.place, review, context);
    return service ? [service] : [];
  });
}
