import { fileURLToPath } from 'node:url';

/** How the sources are compiled, whatever is made of them. */
export const SOURCE_OPTIONS = {
  platform: 'node',
  tsconfig: fileURLToPath(new URL('../tsconfig.base.json', import.meta.url)),
  transform: { target: 'es2023' },
} as const;
