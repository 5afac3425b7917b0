import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import type { Plugin } from 'rolldown';
import { SOURCE_OPTIONS } from './rolldown-options.ts';

const OUTPUT = 'dist/sluice.mjs';
const CLI = fromRoot('packages/cli/src/main.ts');
const STACK_THREAD = fromRoot('packages/event-loop-watch/src/stack-thread.ts');
const MANIFEST = fromRoot('packages/cli/package.json');

/** Builds that take ES modules apart; what Node.js would take of these packages is one module of CommonJS. */
const ES_MODULES = {
  rxjs: fromRoot('node_modules/rxjs/dist/esm/index.js'),
  tslib: fromRoot('node_modules/tslib/tslib.es6.mjs'),
  yaml: fromRoot('node_modules/yaml/browser/index.js'),
};

// Names of classes are read: options are known by theirs, and what blocks the event loop is told by it.
const NAMES = { class: true, function: false };
const MINIFY = {
  compress: { target: 'es2023', keepNames: NAMES },
  mangle: { toplevel: true, keepNames: NAMES },
} as const;

/** `sluice init` copies a folder, which a file does not have. */
const NO_TEMPLATE = `
export class ProjectError extends Error {
  name = 'ProjectError';
}
export function createProject() {
  throw new ProjectError('This is the program in one file, which has no template. Run: npm create sluice FOLDER');
}
export function nextSteps() {}
`;

interface Replacement {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** The parser, which is asked for by the bundle itself. */
const LLHTTP: Replacement = {
  file: 'llhttp-binary.ts',
  text: 'const require = createRequire(import.meta.url);',
  by: '',
};

const FROM_TEXT = "Buffer.from(wasmBase64, 'base64')";
const INFLATED = `require('node:zlib').inflateRawSync(${FROM_TEXT})`;

/** What a bundle is made of: the bytes of each package before they are minified. */
export type BundleParts = ReadonlyMap<string, number>;

/** Writes a program of one's own, with all that it needs of packages, into one file, from the sources. */
export function bundleProgram(input: string, file: string): Promise<BundleParts> {
  return write(input, file, [LLHTTP]);
}

/** Writes the command `sluice`, with all that it needs of packages, into one file, from the sources. */
export async function bundle(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'));
  try {
    const thread = join(folder, 'stack-thread.mjs');
    await write(STACK_THREAD, thread, []);
    await write(CLI, file, replacements(readFileSync(thread, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function write(input: string, file: string, list: readonly Replacement[]): Promise<BundleParts> {
  const bundle = await rolldown({
    ...SOURCE_OPTIONS,
    input,
    resolve: { alias: ES_MODULES, conditionNames: ['@sluice/source', 'import', 'node'] },
    plugins: [replacing(list), deflatedLlhttp(), withoutTemplate()],
  });
  const { output } = await bundle.write({
    file,
    format: 'esm',
    codeSplitting: false,
    comments: false,
    minify: MINIFY,
  });
  await bundle.close();
  return partsOf(output[0].modules);
}

function partsOf(modules: Readonly<Record<string, { readonly renderedLength: number }>>): BundleParts {
  const parts = new Map<string, number>();
  for (const [id, { renderedLength }] of Object.entries(modules)) {
    const name = /(?:node_modules|packages)\/(?<name>(?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id)
      ?.groups?.['name'];
    parts.set(name ?? 'the program', (parts.get(name ?? 'the program') ?? 0) + renderedLength);
  }
  return parts;
}

/** What is found from the place of a module, which is another one in a bundle. */
function replacements(stackThread: string): readonly Replacement[] {
  const manifest = JSON.stringify({ version: versionOf(MANIFEST) });
  const thread = `data:text/javascript,${encodeURIComponent(stackThread)}`;
  return [
    LLHTTP,
    { file: 'cli/src/version.ts', text: `readFileSync(MANIFEST, 'utf8')`, by: JSON.stringify(manifest) },
    {
      file: 'stack-thread-handle.ts',
      text: 'new URL(`./stack-thread${extname(import.meta.url)}`, import.meta.url)',
      by: `new URL(${JSON.stringify(thread)})`,
    },
  ];
}

/** Fails when a text is not where it was, so that no bundle is written that can't find what it needs. */
function replacing(list: readonly Replacement[]): Plugin {
  const left = new Set(list);
  return {
    name: 'sluice:replacing',
    transform(code, id) {
      const replacement = list.find(({ file }) => id.endsWith(`/${file}`) && id.includes('/packages/'));
      if (replacement === undefined || !code.includes(replacement.text)) return undefined;
      left.delete(replacement);
      return code.replace(replacement.text, () => replacement.by);
    },
    buildEnd() {
      for (const { file, text } of left)
        throw new Error(`${file} has no ${text}: tools/bundle.ts is to be adapted.`);
    },
  };
}

/** The parser as its package has it is a text of 73 kB; deflated it is a third of that. */
function deflatedLlhttp(): Plugin {
  return {
    name: 'sluice:deflated-llhttp',
    transform(code, id) {
      if (!id.endsWith('llhttp_simd-wasm.js')) return undefined;
      const [text = '', binary = ''] = /'(AGFzb[^']+)'/.exec(code) ?? [];
      const deflated = deflateRawSync(Buffer.from(binary, 'base64'), { level: 9 }).toString('base64');
      const inflated = code.replace(text, () => `'${deflated}'`).replace(FROM_TEXT, INFLATED);
      if (binary === '' || !inflated.includes(INFLATED)) {
        throw new Error(`${id} is not as it was: tools/bundle.ts is to be adapted.`);
      }
      return inflated;
    },
  };
}

function withoutTemplate(): Plugin {
  const id = '\0create-sluice';
  return {
    name: 'sluice:without-template',
    resolveId: (source) => (source === 'create-sluice' ? id : undefined),
    load: (source) => (source === id ? NO_TEMPLATE : undefined),
  };
}

function versionOf(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

const [, script = '', input, file = OUTPUT] = process.argv;
// A program may be named, and the file that it becomes; none: the command `sluice`.
if (import.meta.url === pathToFileURL(script).href)
  await (input === undefined ? bundle(file) : bundleProgram(input, file));
