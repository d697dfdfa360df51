import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/extended/**/*.test.ts'],
    // Every leg talks to one server that keeps state: one file at a time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
