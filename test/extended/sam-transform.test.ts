import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { deployed, readTemplate } from '../package/deployed.ts';
import { type PackagedService, packageService, type Template } from '../package/package-service.ts';
import { transform } from './sam-transform.ts';

const python = process.env['SLUICE_SAM_PYTHON'];

describe.skipIf(python === undefined)("infra/template.yaml through AWS's own transform of SAM", () => {
  let packaged: PackagedService;
  let transformed: Template;
  beforeAll(async () => {
    packaged = await packageService();
    const template = readTemplate(await readFile(resolve(import.meta.dirname, '../../infra/template.yaml'), 'utf8'));
    transformed = readTemplate(JSON.stringify(transform(python ?? '', uploaded(template))));
  });

  test.each(['functions', 'triggers', 'permissions', 'roles', 'others'] as const)('comes to the same %s as serverless.yml', (kind) => {
    expect(deployed(transformed, 'dev')[kind]).toEqual(deployed(packaged.template, 'dev')[kind]);
  });

  test('adds no role, permission or resource of its own', () => {
    const ids = (template: Template) => Object.keys(template.Resources).filter((id) => !id.startsWith('ServerlessDeploymentBucket'));
    expect(ids(transformed).sort()).toEqual(ids(packaged.template).sort());
  });
});

/** As `sam deploy` and `aws cloudformation package` leave it: code is in S3. */
function uploaded(template: Template): object {
  const resources = Object.entries(template.Resources).map(([id, resource]) => [
    id,
    resource.Type === 'AWS::Serverless::Function'
      ? { ...resource, Properties: { ...resource.Properties, CodeUri: 's3://uploads/code.zip' } }
      : resource,
  ]);
  return { ...template, Resources: Object.fromEntries(resources) };
}
