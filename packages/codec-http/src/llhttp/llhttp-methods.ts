import { createRequire } from 'node:module';

interface Constants {
  readonly METHODS: Readonly<Record<string, number>>;
}

/** The request methods that llhttp knows, indexed by its own number for each. */
export const LLHTTP_METHODS: readonly string[] = readMethods();

function readMethods(): string[] {
  const { METHODS } = createRequire(import.meta.url)('undici/lib/llhttp/constants.js') as Constants;
  const methods: string[] = [];
  for (const [method, number] of Object.entries(METHODS)) methods[number] = method;
  return methods;
}
