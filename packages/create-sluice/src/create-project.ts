import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProjectError } from './project-error.ts';
import { projectNameOf } from './project-name.ts';
import { versionOfThis } from './version.ts';

const TEMPLATE = fileURLToPath(new URL('../template', import.meta.url));
/** What npm would leave out of a package, or tools take for their own here, by its name. */
const MASKED = new Map([
  ['_dockerignore', '.dockerignore'],
  ['_gitignore', '.gitignore'],
  ['_package.json', 'package.json'],
  ['_tsconfig.build.json', 'tsconfig.build.json'],
  ['_tsconfig.json', 'tsconfig.json'],
]);

/**
 * Writes a project into a folder that is new or empty but for a repository of git, and returns the files, relative
 * to it. Throws a {@link ProjectError} when the folder has something else in it, or its name can't be that of a package.
 */
export function createProject(folder: string): readonly string[] {
  const name = projectNameOf(folder);
  requireEmpty(folder);
  const files = filesBelow(TEMPLATE);
  const version = versionOfThis();
  return files.map((file) => {
    const target = fill(unmask(file), name, version);
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    writeFileSync(join(folder, target), fill(readFileSync(join(TEMPLATE, file), 'utf8'), name, version));
    return target;
  });
}

function requireEmpty(folder: string): void {
  const first = entriesOf(folder).find((entry) => entry !== '.git');
  if (first === undefined) return;
  throw new ProjectError(`${folder} is not empty: there is ${first}. Name a folder that is new or empty.`);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw new ProjectError(`${folder} is a file. Name a folder.`, { cause });
    throw cause;
  }
}

function filesBelow(folder: string, prefix = ''): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(prefix, entry.name);
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    })
    .toSorted();
}

function unmask(path: string): string {
  return MASKED.get(path) ?? path;
}

function fill(text: string, name: string, version: string): string {
  return text.replaceAll('my-gateway', name).replaceAll('{{version}}', version);
}
