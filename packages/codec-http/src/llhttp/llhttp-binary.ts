import { createRequire } from 'node:module';
import { webAssembly } from './web-assembly.ts';

/** The part of the exports of the WebAssembly build of llhttp that this package relies on. */
export interface LlhttpExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_reset(parser: number): void;
  llhttp_resume(parser: number): void;
  llhttp_execute(parser: number, input: number, bytes: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_method(parser: number): number;
}

/** The names in {@link LlhttpExports}; a test checks that the installed binary has them all. */
export const LLHTTP_EXPORTS = [
  'memory',
  'malloc',
  'llhttp_alloc',
  'llhttp_free',
  'llhttp_reset',
  'llhttp_resume',
  'llhttp_execute',
  'llhttp_get_error_pos',
  'llhttp_get_method',
] as const satisfies readonly (keyof LlhttpExports)[];

/**
 * Makes an instance of llhttp as undici ships it, with `callbacks` as its imports. This is the one
 * place that knows where the binary comes from. All leniency flags stay off, and nothing here can
 * switch them on.
 */
export function instantiateLlhttp(callbacks: object): LlhttpExports {
  const require = createRequire(import.meta.url);
  const module = new webAssembly.Module(require('undici/lib/llhttp/llhttp-wasm.js') as Uint8Array);
  return new webAssembly.Instance(module, { env: callbacks }).exports as LlhttpExports;
}
