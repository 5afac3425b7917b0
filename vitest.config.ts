import { defineConfig } from 'vitest/config';

// Tests run against the sources, not the build.
const conditions = ['@sluice/source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // As in tsconfig.base.json, which the transformer finds for sources alone.
  oxc: { decorator: { legacy: true } },
  test: {
    pool: 'threads',
    isolate: false,
    include: ['{packages,apps}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './tools/count-reporter.ts'],
    setupFiles: ['./tools/test-setup.ts'],
  },
});
