import type * as z from 'zod/mini';
import type { ServiceConfig } from '../policy/policy.ts';
import { parseStoredServiceConfig } from '../policy/store-policy.ts';
import { safeParse } from '../safe-parse.ts';
import { BadRequest } from './bad-request.ts';

const MOST_SERVICES = 5_000;

/**
 * A JSON body, or a query already taken apart, by its schema; every problem at once, with its place.
 * @param across what is wrong with fields taken together, each problem beginning with its field: told as well where single fields
 * are wrong already, of which it knows nothing. Where none is, the use case tells it.
 */
export function parseBody<T>(schema: z.ZodMiniType<T>, input: unknown, across: (given: Fields) => readonly string[] = () => []): T {
  const given = typeof input === 'string' ? json(input) : input;
  const parsed = safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const whole = typeof input === 'string' ? 'body' : 'query';
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || whole}: ${ruleOf(issue)}`);
  const wrong = new Set(parsed.error.issues.map(({ path: [field] }) => String(field)));
  const together = isFields(given) ? across(given).filter((problem) => !wrong.has(problem.split(':', 1)[0] ?? '')) : [];
  throw new BadRequest([...problems, ...together]);
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** zod/mini has no sentences of its own: those of schemas without one are made here. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `does not take ${issue.keys.join(', ')}`;
  return issue.code === 'invalid_type' && issue.message === 'Invalid input' ? `must be given, as ${issue.expected}` : issue.message;
}

/** The services of an apply request, in the form that they are stored in, by the rules of policy files. Every problem at once. */
export async function parseConfigs(body: string): Promise<ServiceConfig[]> {
  const value = json(body);
  const services = typeof value === 'object' && value !== null && 'services' in value ? value.services : undefined;
  if (!Array.isArray(services)) throw new BadRequest(['services: must be a list']);
  if (services.length > MOST_SERVICES) throw new BadRequest([`services: at most ${MOST_SERVICES} at once; got ${services.length}`]);
  const problems: string[] = [];
  const configs: ServiceConfig[] = [];
  const paths: string[] = [];
  services.forEach((service: unknown, index) => {
    const parsed = parseStoredServiceConfig(service);
    if (parsed.ok) {
      configs.push(parsed.config);
      paths.push(`services.${index}`);
    } else problems.push(`services.${index}: ${parsed.why}`);
  });
  // The readers of policy files, which nothing else here needs: a bundle of their own (build/later.js).
  const { reviewServices } = await import('../policy/review-services.ts');
  problems.push(...reviewServices(configs, (index) => paths[index] ?? 'services'));
  if (problems.length > 0) throw new BadRequest(problems);
  return configs;
}

function json(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequest([`body: not JSON (${error instanceof Error ? error.message : String(error)})`]);
  }
}
