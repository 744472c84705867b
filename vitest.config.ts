import { defineConfig } from 'vitest/config';

const project = (name: string, folders: string[], timeoutSeconds: number) => ({
  test: {
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['unit', 'property', 'vectors', 'architecture'], 60),
      project('store', ['store', 'api', 'simulation'], 300),
      project('e2e', ['e2e', 'interop'], 600),
    ],
  },
});
