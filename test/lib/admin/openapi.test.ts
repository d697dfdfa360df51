import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { routes } from '../../../lib/admin/routes.ts';
import { storeServiceConfig } from '../../../lib/policy/store-policy.ts';
import { storedService } from '../../../lib/policy/stored-service.ts';
import { aDepthTarget, aPolicy, aQueueTimeTarget } from '../../builders/policies.ts';
import { minutes, seconds } from '../../builders/times.ts';
import { webReport, wholeSystem } from '../../fakes/whole-system.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document in YAML and answers in JSON; their form is what is asserted.
type Json = any;

const document: Json = parse(readFileSync(resolve(import.meta.dirname, '../../../docs/openapi.yaml'), 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
ajv.addVocabulary(['components', 'asked']);

const partAt = (pointer: string): Json =>
  pointer
    .split('/')
    .slice(1)
    .reduce((part: Json, name) => part?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);

/** All that is wrong with a value by a schema of the document, or nothing. */
function wrong(pointer: string, value: unknown): string[] {
  const validate = ajv.compile({ $ref: '#/asked', asked: partAt(pointer), components: document.components });
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
const escaped = (path: string) => path.replaceAll('~', '~0').replaceAll('/', '~1');
const operationOf = (method: string, path: string): Json => document.paths[path]?.[method.toLowerCase()];
/** Where a possibly referenced part of the document stands. */
const pointerTo = (pointer: string, part: Json): string => (part?.$ref === undefined ? pointer : part.$ref.slice(1));

interface Asked {
  readonly route: string;
  readonly status: number;
}
const asked: Asked[] = [];

/** Asks the handler, and holds request and answer to the document. */
function checking(system: ReturnType<typeof wholeSystem>) {
  return async (method: string, path: string, body: object = {}, query: Record<string, string> = {}): Promise<Json> => {
    const answer = await system.api(method, path, body, query);
    asked.push({ route: `${method} ${path}`, status: answer.status });
    const operation = operationOf(method, path);
    const at = `/paths/${escaped(path)}/${method.toLowerCase()}`;
    expect(operation, `${method} ${path} is documented`).toBeDefined();
    const good = answer.status === 200;
    if (operation.requestBody !== undefined && good) {
      const requestAt = pointerTo(`${at}/requestBody`, operation.requestBody);
      expect(wrong(`${requestAt}/content/application~1json/schema`, body), `request of ${method} ${path}`).toEqual([]);
    }
    const names = (operation.parameters ?? []).map(
      (p: Json) => (p.$ref ? document.components.parameters[p.$ref.split('/').at(-1)] : p).name,
    );
    if (good)
      expect(
        Object.keys(query).filter((name) => !names.includes(name)),
        `query of ${method} ${path}`,
      ).toEqual([]);
    const key = good ? '200' : 'default';
    const responseAt = pointerTo(`${at}/responses/${key}`, operation.responses[key]);
    expect(
      wrong(`${responseAt}/content/application~1json/schema`, answer.body),
      `answer of ${method} ${path}: ${JSON.stringify(answer.body)}`,
    ).toEqual([]);
    return answer.body;
  };
}

const arn = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/shop/${name}`;
const one = { customer: 'acme', service: 'web' };

describe('docs/openapi.yaml', () => {
  beforeAll(async () => {
    const system = wholeSystem({ reportsUrl: 'https://reports.example.com' });
    const ask = checking(system);
    const later = () => system.clock.advance(seconds(1));
    await ask('GET', '/v1/services');
    const { externalId } = await ask('POST', '/v1/accounts', { customer: 'acme', accountId: '111122223333' });
    await ask('POST', '/v1/accounts', { customer: 'acme', accountId: '000000000000' });
    const roleArn = 'arn:aws:iam::111122223333:role/sluice/acme';
    await ask('POST', '/v1/accounts/connect', { customer: 'acme', accountId: '111122223333', roleArn });
    system.aws.addRole({ customer: 'acme', accountId: '111122223333', externalId, roleArn });
    await ask('POST', '/v1/accounts/connect', { customer: 'acme', accountId: '111122223333', roleArn });
    for (const name of ['web', 'worker']) system.aws.put({ arn: arn(name), desired: 2, running: 2, tags: { 'sluice:max': '30' } });
    const policy = aPolicy({ min: 1, targets: [aQueueTimeTarget(), aDepthTarget()] });
    const services = ['web', 'worker', 'gone'].map((name) =>
      storeServiceConfig({ customer: 'acme', name, group: 'shop', arn: arn(name), policy }),
    );
    const applied = await ask('POST', '/v1/apply', { services });
    await ask('POST', '/v1/apply', { services: [services[0]] });
    await system.tick();
    await system.report(
      applied.services[0].token,
      webReport(
        system.clock.now(),
        Array.from({ length: 40 }, () => 400),
      ),
    );
    await system.deliver();
    await ask('GET', '/v1/services', {}, { customer: 'acme' });
    await ask('GET', '/v1/status');
    await ask('GET', '/v1/points', {}, { ...one, since: String(system.clock.now() - minutes(60)) });
    await ask('GET', '/v1/explain', {}, one);
    await ask('GET', '/v1/decisions', {}, { ...one, limit: '10', since: '0' });
    await ask('POST', '/v1/override', { ...one, min: 3, max: 9, forMs: minutes(10), name: 'sale' });
    await ask('POST', '/v1/pause', { ...one, in: true, why: 'sale', forMs: minutes(10) });
    await ask('GET', '/v1/explain', {}, one);
    await ask('GET', '/v1/explain', {}, { ...one, service: 'worker' });
    await ask('POST', '/v1/resume', one);
    await later();
    await ask('POST', '/v1/mode', { ...one, mode: 'observe' });
    await ask('GET', '/v1/configs', {}, one);
    const { changes } = await ask('GET', '/v1/changes', {}, { customer: 'acme', limit: '100' });
    await ask('POST', '/v1/rollback', { customer: 'acme', change: changes[0].id });
    await ask('GET', '/v1/tokens', {}, one);
    const made = await ask('POST', '/v1/tokens', one);
    await ask('POST', '/v1/tokens/revoke', { ...one, keyId: made.keyId });
    await ask('GET', '/v1/write-access', {}, one);
    await ask('GET', '/v1/discovered');
    await ask('GET', '/v1/doctor');
    await ask('GET', '/v1/doctor', {}, { customer: 'acme', accountId: '111122223333' });
    await ask('GET', '/v1/whoami');
    await ask('POST', '/v1/principals', { arn: 'arn:aws:iam::000000000000:role/people', customer: 'acme' });
    await ask('GET', '/v1/principals');
    await ask('POST', '/v1/principals/free', { arn: 'arn:aws:iam::000000000000:role/people' });
    await ask('GET', '/v1/changes');
    await ask('POST', '/v1/remove', { customer: 'acme', service: 'worker' });
    await ask('POST', '/v1/accounts/disconnect', { customer: 'acme', accountId: '111122223333' });
    await ask('POST', '/v1/forget', { customer: 'acme', confirm: 'acme' });
    // What callers get wrong is answered in one form.
    for (const route of Object.keys(routes).filter((name) => name !== 'GET /v1/whoami')) {
      const [method = '', path = ''] = route.split(' ');
      await ask(method, path, { bogus: 1 }, { customer: 'NOT A NAME', bogus: '1' });
    }
  }, 30_000);

  it('has exactly the routes that the handler has', () => {
    const documented = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(Object.keys(routes).sort());
  });

  it('is held to an answer of each route, and to a refusal of each that takes anything', () => {
    const answered = new Set(asked.filter(({ status }) => status === 200).map(({ route }) => route));
    expect(Object.keys(routes).filter((route) => !answered.has(route))).toEqual([]);
    const refused = new Set(asked.filter(({ status }) => status === 400).map(({ route }) => route));
    expect(Object.keys(routes).filter((route) => !refused.has(route) && route !== 'GET /v1/whoami')).toEqual([]);
  });

  it('has each operation named once, and each reference leads somewhere', () => {
    const ids = Object.values<Json>(document.paths).flatMap((methods) =>
      Object.values<Json>(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, ref = '']) => ref);
    for (const ref of refs)
      expect(
        ref.split('/').reduce((part: Json, name) => part?.[name], document),
        ref,
      ).toBeDefined();
  });

  it('says of a policy what the handler takes', () => {
    const { $schema: _schema, ...schema } = z.toJSONSchema(storedService) as Record<string, unknown>;
    expect(document.components.schemas.StoredService).toEqual(JSON.parse(JSON.stringify(schema)));
  });
});
