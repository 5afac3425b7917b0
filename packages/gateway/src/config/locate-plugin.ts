import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Node.js takes of `exports` for an import. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'default']);

/**
 * Where a plugin is that a configuration file names: a file relative to that one, or a package that
 * is installed beside it or above.
 */
export function locatePlugin(plugin: string, from: string): string {
  if (/^\.{0,2}\//.test(plugin)) return pathToFileURL(resolve(dirname(from), plugin)).href;
  const required = createRequire(from);
  try {
    return pathToFileURL(required.resolve(plugin)).href;
  } catch {
    // A package may be for `import` alone, and of those Node.js finds only what is installed beside this module.
    const [, name = '', path = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(plugin) ?? [];
    const entry = (required.resolve.paths(name) ?? [])
      .flatMap((folder) => entryIn(join(folder, name), path))
      .at(0);
    return entry ?? plugin;
  }
}

function entryIn(folder: string, path: string): readonly string[] {
  try {
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      exports?: unknown;
    };
    const target = targetOf(exports, `.${path}`);
    return target === undefined ? [] : [pathToFileURL(join(folder, target)).href];
  } catch {
    return [];
  }
}

/** `exports` of a package: one target, one for each path, or one for each condition, in each other. */
function targetOf(exports: unknown, path: string): string | undefined {
  if (typeof exports === 'string') return path === '.' ? exports : undefined;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const entries = Object.entries(exports);
  if (entries.some(([key]) => key.startsWith('.'))) {
    const own = entries.find(([key]) => key === path)?.[1] as unknown;
    return targetOf(own, '.');
  }
  const found = entries.find(
    ([condition, target]) => CONDITIONS.has(condition) && targetOf(target, path) !== undefined,
  );
  return found && targetOf(found[1], path);
}
