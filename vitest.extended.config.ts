import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Node 20 is the oldest that is supported here; the SDK says so in every process.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    include: ['test/extended/**/*.test.ts'],
    // Every leg talks to one server that keeps state: one file at a time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
