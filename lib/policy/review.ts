import { type Feature, features } from './features.ts';
import { limits } from './limits.ts';
import type { Position, Tree } from './yaml-tree.ts';

/** What kind of rule a file broke. */
export type Rule =
  | 'yaml' // the text is no YAML, or uses what has no meaning here
  | 'duplicate-key'
  | 'unknown-key'
  | 'required'
  | 'type'
  | 'format'
  | 'one-of'
  | 'range' // a number, duration or length out of bounds
  | 'conflict' // two values that do not go together
  | 'unique'
  | 'limit'
  | 'not-supported';

/** One mistake in a policy file: where, which rule, what was there, and what would be right. */
export interface FileProblem {
  /** The file's name, as it was given. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** "services.web.scale[0].job-latency.target"; empty for the file as a whole. */
  readonly path: string;
  readonly rule: Rule;
  /** As the file has it, cut; null where something is missing. */
  readonly value: string | null;
  readonly message: string;
}

/** A value of the file, the path that leads to it, and where its key stands (for what is missing in it). */
export interface Place {
  readonly tree: Tree;
  readonly path: string;
  readonly keyAt: Position;
}

/** Collects everything that is wrong. Readers report and go on, so that all mistakes are found at once. */
export interface Review {
  /** Returns undefined, so that a reader can end with it. */
  problem(place: Place, rule: Rule, message: string): undefined;
  /** A problem of something else than a value: of a key, or of what is missing. */
  problemAt(at: Position, path: string, rule: Rule, value: string | null, message: string): undefined;
  /** Allowed, and hardly meant. */
  warning(place: Place, message: string): void;
  /** Reports what the engine does not serve yet: it is refused, never ignored. */
  needs(feature: Feature, place: Place): void;
  /** What is wrong with a cron pattern, or undefined where nothing is. */
  wrongCron(pattern: string): string | undefined;
  /** So many problems that no more are listed: there is no use in reading on. */
  full(): boolean;
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
}

const maxProblems = 1_000;

/** @param wrongCron judges patterns: by croner where a person waits for its words, without it in functions, which do not hold it. */
export function createReview(
  source: string,
  supported: ReadonlySet<Feature>,
  wrongCron: (pattern: string, startsPerDay: number) => string | undefined,
): Review {
  const problems: FileProblem[] = [];
  const warnings: FileProblem[] = [];
  const add = (list: FileProblem[], at: Position, path: string, rule: Rule, value: string | null, message: string): undefined => {
    if (list.length < maxProblems) list.push({ source, line: at.line, column: at.column, path, rule, value, message });
    else if (list.length === maxProblems) {
      list.push({
        source,
        line: at.line,
        column: at.column,
        path: '',
        rule: 'limit',
        value: null,
        message: `more follows: only the first ${maxProblems} are listed`,
      });
    }
    return undefined;
  };
  const review: Review = {
    problems,
    warnings,
    wrongCron: (pattern) => wrongCron(pattern, limits.cronStartsPerDay),
    full: () => problems.length > maxProblems,
    problem: (place, rule, message) => add(problems, place.tree.at, place.path, rule, shown(place.tree), message),
    problemAt: (at, path, rule, value, message) => add(problems, at, path, rule, value, message),
    warning: (place, message) => void add(warnings, place.tree.at, place.path, 'conflict', shown(place.tree), message),
    needs(feature, place) {
      if (!supported.has(feature))
        review.problem(place, 'not-supported', `${features[feature].what} is not supported yet: take it out for now`);
    },
  };
  return review;
}

/** "sluice.yml:12:7: services.web.tasks.min: …" */
export function formatFileProblem({ source, line, column, path, message }: FileProblem): string {
  return `${source}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function shown(tree: Tree): string | null {
  if (tree.kind === 'map') return '{…}';
  if (tree.kind === 'list') return '[…]';
  return tree.text === '' && tree.value === null ? null : cut(tree.text);
}
