import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { SOURCE_OPTIONS } from './rolldown-options.ts';

interface Entry {
  readonly '@sluice/source': string;
  readonly default: string;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Modules of the package itself, and what decorators are compiled to. */
const OWN = /^(?:[./]|@oxc-project\/runtime)/;

/**
 * Writes the JavaScript of a package into its `dist`: a file for each of its exports, and one for what
 * they share or import when they need it. Other packages stay imports, so that each is there once.
 */
async function joinPackage(folder: string): Promise<void> {
  const bundle = await rolldown({
    ...SOURCE_OPTIONS,
    input: entriesOf(folder),
    external: (id) => !OWN.test(id),
  });
  const dist = join(folder, 'dist');
  removeJavaScript(dist);
  await bundle.write({
    dir: dist,
    sourcemap: true,
    entryFileNames: '[name].js',
    // As deep as the sources that look for a file beside their package.json.
    chunkFileNames: '[name].js',
    // Errors and reports name classes.
    keepNames: true,
  });
  await bundle.close();
}

/** The sources of all exports by the names of their files in dist. */
function entriesOf(folder: string): Record<string, string> {
  const { exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, Entry | string>>;
  };
  const entries = Object.values(exports).filter((entry) => typeof entry !== 'string');
  if (entries.length === 0) throw new Error(`${folder}/package.json: found no exports, expected some.`);
  return Object.fromEntries(
    entries.map((entry) => {
      const [, name] = /^\.\/dist\/(.+)\.js$/.exec(entry.default) ?? [];
      if (name !== undefined) return [name, join(folder, entry['@sluice/source'])];
      throw new Error(`${folder}/package.json: found the export ${entry.default}, expected ./dist/NAME.js.`);
    }),
  );
}

function removeJavaScript(dist: string): void {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.js(?:\.map)?$/.test(name))) rmSync(join(dist, file));
}

function allPackages(): readonly string[] {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

// Folders may be named; none: all packages.
const named = process.argv.slice(2);
await Promise.all((named.length > 0 ? named : allPackages()).map(joinPackage));
