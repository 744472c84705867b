import { defineConfig } from 'vitest/config';

const project = (name: string, folders: string[], timeoutSeconds: number, globalSetup: string[] = []) => ({
  test: {
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
    globalSetup,
  },
});

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // Two cores: more workers only make each other slow, and PGlite takes half a gigabyte in each.
    maxWorkers: 2,
    projects: [
      project('unit', ['unit', 'property', 'vectors', 'architecture'], 60),
      project('store', ['store', 'api'], 300, ['test/support/global-postgres.ts']),
      // One file at a time: the demo and the package test both build the SDK.
      { test: { ...project('e2e', ['e2e'], 600, ['test/support/global-postgres.ts']).test, fileParallelism: false } },
    ],
  },
});
