/**
 * npm run lock, after every `npm install` of something new: writes into package-lock.json the platform packages of tools
 * that the registry at hand could not show. npm leaves out of the lock file an optional package whose description it
 * cannot fetch, and `npm ci` then refuses that lock file everywhere. The entries carry no checksum, since nobody here has
 * seen the package; on the platform that wants one, npm takes it by its exact version.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Tools with one native package per platform, and a package of theirs that was seen, for licence and engines. */
const tools = {
  'node_modules/@biomejs/biome': 'node_modules/@biomejs/cli-linux-x64',
  'node_modules/oxc-parser': 'node_modules/@oxc-parser/binding-linux-x64-gnu',
};

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
let added = 0;
for (const [tool, seen] of Object.entries(tools)) {
  for (const [name, version] of Object.entries(lock.packages[tool]?.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]) continue;
    lock.packages[key] = {
      version,
      ...platformOf(name),
      dev: true,
      license: lock.packages[seen].license,
      optional: true,
      engines: lock.packages[seen].engines,
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.error(`package-lock.json: ${added} platform packages added`);

/** "@oxc-parser/binding-linux-x64-musl" → os linux, cpu x64, libc musl: so npm knows where not to install it. */
function platformOf(name) {
  const [os, cpu, abi = 'gnu'] = name.replace(/^.*\/(cli|binding)-/, '').split('-');
  return { os: [os], cpu: [cpu], ...(os === 'linux' ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {}) };
}
