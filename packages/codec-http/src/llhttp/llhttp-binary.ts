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

/** Where the build for any processor is. Not written where it is required, so that a bundle, which needs one build, takes in the other alone. */
const PLAIN_BUILD = ['undici/lib/llhttp', 'llhttp-wasm.js'].join('/');

/** Where V8 runs vectors in WebAssembly as it should; it did not on ppc64 and riscv64 (nodejs/undici#4530, nodejs/unofficial-builds#250). */
const VECTOR_ARCHITECTURES: ReadonlySet<string> = new Set(['x64', 'arm64']);

/**
 * Makes an instance of llhttp as undici ships it, with `callbacks` as its imports. This is the one
 * place that knows where the binary comes from. All leniency flags stay off, and nothing here can
 * switch them on.
 */
export function instantiateLlhttp(callbacks: object, architecture: string = process.arch): LlhttpExports {
  return new webAssembly.Instance(compile(architecture), { env: callbacks }).exports as LlhttpExports;
}

/** The build with vectors goes through long values 16 octets at a time. */
function compile(architecture: string): object {
  const require = createRequire(import.meta.url);
  if (VECTOR_ARCHITECTURES.has(architecture)) {
    const vectorBuild = require('undici/lib/llhttp/llhttp_simd-wasm.js') as Uint8Array;
    try {
      return new webAssembly.Module(vectorBuild);
    } catch {
      // A processor from before 2008 has none.
    }
  }
  return new webAssembly.Module(require(PLAIN_BUILD) as Uint8Array);
}
