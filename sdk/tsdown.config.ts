import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: 'src/index.ts',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  // A warning is an import that the package does not declare, or one that browsers lack.
  failOnWarn: true,
  deps: { onlyBundle: [] },
});
