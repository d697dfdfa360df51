import { wrongCronFields } from './cron-fields-check.ts';
import { servedFeatures } from './features.ts';
import { fileForm } from './file-form.ts';
import { jsonTree } from './json-tree.ts';
import type { ServiceConfig } from './policy.ts';
import { readService } from './read-service.ts';
import { isName, nameRule } from './read-value.ts';
import { createReview, type Place } from './review.ts';

/**
 * Everything that a policy file would be refused for, of services that came another way: they are written as a file has
 * them and read by the file's own readers, so that there is one set of rules. A problem names the service and the path.
 */
export function reviewServices(
  configs: readonly ServiceConfig[],
  pathOf: (index: number) => string = (index) => `services.${index}`,
): string[] {
  const review = createReview('', servedFeatures, wrongCronFields);
  const arns = new Map<string, Place>();
  const names = new Map<string, string>();
  const problems: string[] = [];
  configs.forEach((config, index) => {
    const { customer, group, name } = config;
    const path = pathOf(index);
    const place: Place = { tree: jsonTree({ ...fileForm(config), group }), path, keyAt: { line: 1, column: 1 } };
    if (!isName(customer)) problems.push(`${path}.customer: a customer's name has ${nameRule}`);
    const first = names.get(`${customer}/${name}`);
    if (first !== undefined) problems.push(`${path}.name: ${customer}/${name} is ${first} already`);
    else names.set(`${customer}/${name}`, path);
    readService(name, place, review, { customer, defaultMode: config.policy.mode, arns });
  });
  return [...problems, ...review.problems.map((problem) => `${problem.path}: ${problem.message}${foundIn(problem.value)}`)];
}

const foundIn = (value: string | null) => (value === null ? '' : `; found ${value}`);
