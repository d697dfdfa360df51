import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { limits } from '../../../lib/policy/limits.ts';
import type { Target } from '../../../lib/policy/policy.ts';
import { waysOf } from '../../../lib/policy/read-by.ts';
import { wrongFiles } from './wrong-files.ts';

const text = readFileSync(new URL('../../../sluice.schema.json', import.meta.url), 'utf8');
const schema: unknown = JSON.parse(text);
// Conditions stand apart from what they belong to, which strict mode takes for forgotten types.
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false, allowMatchingProperties: true });
const validate = ajv.compile(schema as object);
const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** By kind of target the words that `by` may have beside it. */
function schemaWays(): Record<string, unknown> {
  const target = (
    schema as { $defs: { target: { allOf: { if: { required: string[] }; then: { properties: { by: { enum: string[] } } } }[] } } }
  ).$defs.target;
  return Object.fromEntries(target.allOf.map((rule) => [rule.if.required[0], rule.then.properties.by.enum]));
}

type Json = { readonly [key: string]: unknown };
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

describe('the JSON Schema', () => {
  it.each(['design.yml', 'everything.yml'])('accepts %s, as the parser does', (name) => {
    expect(validate(parse(read(`./files/${name}`))), JSON.stringify(validate.errors, null, 1)).toBe(true);
  });

  it.each(wrongFiles.filter(({ beyondSchema }) => !beyondSchema))('refuses $name, as the parser does', ({ text: yaml }) => {
    expect(validate(parse(yaml, { uniqueKeys: false }) ?? null)).toBe(false);
  });

  it.each(wrongFiles.filter(({ beyondSchema }) => beyondSchema))('leaves $name to the parser', ({ text: yaml }) => {
    expect(validate(parse(yaml)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has examples that it accepts itself', () => {
    let examples = 0;
    const walk = (node: unknown, pointer: string) => {
      if (Array.isArray(node)) for (const [index, item] of node.entries()) walk(item, `${pointer}/${index}`);
      if (!isMap(node)) return;
      if (Array.isArray(node['examples'])) {
        const valid = ajv.compile({ $ref: `sluice.schema.json#${pointer}` });
        for (const example of node['examples']) {
          examples += 1;
          expect(valid(example), `${pointer}: ${JSON.stringify(example)} ${JSON.stringify(valid.errors)}`).toBe(true);
        }
      }
      for (const [key, value] of Object.entries(node))
        if (key !== 'examples') walk(value, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    };
    walk(schema, '');
    expect(examples).toBeGreaterThan(20);
  });

  it('describes every key that an editor offers', () => {
    const bare: string[] = [];
    const obvious = new Set(['namespace', 'dimensions', 'statistic', 'out', 'in']);
    const walk = (node: unknown, pointer: string, isSchema: boolean) => {
      if (!isMap(node)) return;
      for (const [key, value] of Object.entries(node)) {
        const inProperties = key === 'properties' && isSchema && !/\/(if|then|else|anyOf|oneOf)\b/.test(pointer);
        if (inProperties && isMap(value)) {
          for (const [name, property] of Object.entries(value)) {
            const described = isMap(property) && ('description' in property || '$ref' in property);
            if (!described && !obvious.has(name)) bare.push(`${pointer}/${name}`);
          }
        }
        walk(value, `${pointer}/${key}`, key !== 'properties');
      }
    };
    walk(schema, '', true);
    expect(bare).toEqual([]);
  });

  it('offers for each kind of target the ways that the parser serves', () => {
    const cases = Object.entries(schemaWays());
    expect(cases.map(([kind]) => kind)).toEqual([
      'request-queue-time',
      'response-time',
      'job-latency',
      'job-depth',
      'utilization',
      'metric',
    ]);
    for (const [kind, ways] of cases) expect(ways, kind).toEqual(waysOf(kind as Target['kind']));
  });

  it('has the limits of the parser', () => {
    const at = (...path: string[]) => path.reduce<unknown>((node, key) => (isMap(node) ? node[key] : undefined), schema);
    const service = ['$defs', 'service', 'properties'];
    expect(at('properties', 'services', 'maxProperties')).toBe(limits.services);
    expect(at(...service, 'scale', 'maxItems')).toBe(limits.targets);
    expect(at(...service, 'schedules', 'maxItems')).toBe(limits.schedules);
    expect(at(...service, 'tasks', 'properties', 'max', 'maximum')).toBe(limits.tasks);
    expect(at('$defs', 'target', 'properties', 'concurrency', 'maximum')).toBe(limits.concurrency);
    expect(at('$defs', 'target', 'properties', 'job-depth', 'properties', 'queues', 'maxItems')).toBe(limits.queues);
  });
});
