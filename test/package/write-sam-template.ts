/** npm run generate:sam: writes infra/template.yaml from what serverless.yml packages. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageService } from './package-service.ts';
import { samTemplateText } from './sam-template.ts';

const path = resolve(import.meta.dirname, '../../infra/template.yaml');
const { template } = await packageService();
writeFileSync(path, samTemplateText(template, 'dev'));
console.error(`${path} written`);
