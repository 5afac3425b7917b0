import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Decorators as in tsconfig.json.
  oxc: { decorator: { legacy: true } },
  test: { include: ['test/**/*.test.ts'] },
});
