import { defineConfig } from 'vitest/config';
import { seedOfRun } from './test/seed-of-run.ts';

export default defineConfig({
  test: {
    // Node 20 is the oldest that is supported here; the SDK says so in every process.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', SLUICE_SEED: String(seedOfRun()) },
    include: ['test/**/*.test.ts'],
    // These need moto, DynamoDB Local and the like: test/extended/run.js starts those and runs them.
    exclude: ['test/extended/**'],
    // Most tests take milliseconds: processes would cost more than what they test.
    pool: 'threads',
    // One more than the cores of a small machine: tests of whole runs wait for most of their time.
    maxWorkers: 3,
    testTimeout: 15_000,
    // Builds and whole local runs begin in hooks; on a busy machine that takes far longer than the default of ten seconds.
    hookTimeout: 60_000,
  },
});
