/** npm run generate:customer: writes what customers install from lib/customer-templates/statements.ts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { customerFiles } from './files.ts';

const root = resolve(import.meta.dirname, '..', '..');
for (const [path, text] of Object.entries(customerFiles())) {
  mkdirSync(dirname(resolve(root, path)), { recursive: true });
  writeFileSync(resolve(root, path), text);
}
