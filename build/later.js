import { basename, join } from 'node:path';

/**
 * An esbuild plugin for what a function loads only when it is asked for: `await import('./explain-service.ts')` becomes
 * `await import('./explain-service.mjs')`, a bundle of its own beside the function's. Starting the function does not pay for it.
 * Each holds all that it needs: nothing may be told apart by `instanceof` across the two.
 *
 * @param found is told of each such module, by its path.
 */
export const later = (found) => ({
  name: 'later',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      found(join(resolveDir, path));
      return { path: `./${basename(path, '.ts')}.mjs`, external: true };
    });
  },
});
