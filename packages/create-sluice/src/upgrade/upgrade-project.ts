import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../project-error.ts';
import { versionOfThis } from '../version.ts';
import type { Codemod, Removal } from './codemod.ts';
import { CODEMODS, REMOVALS } from './codemods.ts';
import { importedModules, importedNames } from './imports.ts';
import { Manifest } from './manifest.ts';
import { compareVersions } from './versions.ts';

const LEFT_ALONE = /^(?:\..*|node_modules|dist|coverage)$/;

/** What releases changed. Default: all that this package knows. */
export interface UpgradeSources {
  readonly codemods?: readonly Codemod[];
  readonly removals?: readonly Removal[];
  /** The version that the project gets. Default: that of this package. */
  readonly version?: string;
}

/** A file that changes. */
export interface FileChange {
  /** Relative to the project. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** What releases changed in it; none for the versions of package.json. */
  readonly codemods: readonly Codemod[];
}

/** Where a project uses what is gone. */
export interface FoundRemoval {
  readonly path: string;
  readonly line: number;
  readonly removal: Removal;
}

/** What would be done to a project. Nothing is written yet. */
export interface ProjectUpgrade {
  /** The version that the project is on; undefined when its dependencies have none. */
  readonly from: string | undefined;
  readonly to: string;
  readonly changes: readonly FileChange[];
  /** What a person has to do. */
  readonly removals: readonly FoundRemoval[];
}

/**
 * Finds what releases after that of a project changed, and what its files are then. Throws a
 * {@link ProjectError} for a folder that has no project, or one of a later release than this package.
 */
export function planUpgrade(folder: string, sources: UpgradeSources = {}): ProjectUpgrade {
  const { codemods = CODEMODS, removals = REMOVALS, version: to = versionOfThis() } = sources;
  const manifest = new Manifest(folder);
  const from = manifest.version;
  if (from !== undefined && compareVersions(from, to) > 0) {
    throw new ProjectError(
      `The project is on ${from}, and this is create-sluice ${to}. Run npx create-sluice@latest upgrade.`,
    );
  }
  const isNew = ({ version }: Codemod | Removal): boolean =>
    from === undefined || compareVersions(version, from) > 0;
  const files = filesBelow(folder).map((path) => changeOf(folder, path, codemods.filter(isNew)));
  const changes = files.filter(({ before, after }) => before !== after);
  const imported = changes.flatMap(({ before, after }) =>
    importedModules(after).filter((module) => !importedModules(before).includes(module)),
  );
  const after = manifest.upgraded(to, imported.map(packageOf));
  if (after !== manifest.text)
    changes.push({ path: Manifest.file, before: manifest.text, after, codemods: [] });
  const left = files.flatMap((file) => removalsIn(file, removals.filter(isNew)));
  return { from, to, changes, removals: left };
}

/** Writes what was planned. */
export function applyUpgrade(folder: string, { changes }: ProjectUpgrade): void {
  for (const { path, after } of changes) writeFileSync(join(folder, path), after);
}

function filesBelow(folder: string, prefix = ''): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(prefix, entry.name);
      if (entry.isFile()) return [path];
      return entry.isDirectory() && !LEFT_ALONE.test(entry.name) ? filesBelow(folder, path) : [];
    })
    .toSorted();
}

function changeOf(folder: string, path: string, codemods: readonly Codemod[]): FileChange {
  const fitting = codemods.filter(({ files }) => files.test(path));
  const before = fitting.length > 0 ? readFileSync(join(folder, path), 'utf8') : '';
  let after = before;
  const applied = fitting.filter(({ apply }) => {
    const text = after;
    after = apply(text);
    return after !== text;
  });
  return { path, before, after, codemods: applied };
}

function removalsIn({ path, after }: FileChange, removals: readonly Removal[]): readonly FoundRemoval[] {
  return importedNames(after).flatMap(({ from, name, offset }) => {
    const removal = removals.find((removal) => removal.from === from && removal.name === name);
    return removal ? [{ path, line: after.slice(0, offset).split('\n').length, removal }] : [];
  });
}

/** `@sluice/cli` for `@sluice/cli/config`. */
function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}
