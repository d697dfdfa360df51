#!/usr/bin/env node
// What is committed is only this file: npx must find an executable in a fresh clone, and `prepare` builds the rest.
import { existsSync } from 'node:fs';

const cli = new URL('../dist/cli.js', import.meta.url);

if (existsSync(cli)) {
  await import(cli.href);
} else {
  console.error(
    'sluice: dist/cli.js has not been built yet. Run "npm ci" in the folder of the package (or "npm run build"), then try again.',
  );
  process.exitCode = 1;
}
