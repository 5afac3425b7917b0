import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../project-error.ts';
import { compareVersions, versionIn, withVersion } from './versions.ts';

const OURS = /^(?:@sluice\/.+|create-sluice)$/;
const KINDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

type Content = Partial<Record<(typeof KINDS)[number], Record<string, string>>>;

/** The package.json of a project that uses packages of ours. */
export class Manifest {
  static readonly file = 'package.json';
  readonly text: string;
  readonly #content: Content;

  /** Throws a {@link ProjectError} when there is none, or none of a project of ours. */
  constructor(folder: string) {
    const path = join(folder, Manifest.file);
    this.text = textOf(path);
    this.#content = contentOf(this.text, path);
    if (ours(this.#content).length > 0) return;
    throw new ProjectError(`${path} depends on no package of @sluice. Name the folder of a project.`);
  }

  /** The oldest release that a package of ours is asked for in. Undefined when none has a version. */
  get version(): string | undefined {
    const versions = ours(this.#content).flatMap(([, , asked]) => versionIn(asked) ?? []);
    return versions.toSorted(compareVersions)[0];
  }

  /** The text with our packages in a version, and with those that are imported from now on. */
  upgraded(version: string, imported: readonly string[]): string {
    const content = structuredClone(this.#content);
    for (const [kind, name, asked] of ours(content)) {
      content[kind] = { ...content[kind], [name]: withVersion(asked, version) };
    }
    const known = new Set(KINDS.flatMap((kind) => Object.keys(content[kind] ?? {})));
    const missing = imported.filter((name) => OURS.test(name) && !known.has(name));
    const added = { ...content.dependencies, ...Object.fromEntries(missing.map((name) => [name, version])) };
    if (missing.length > 0) content.dependencies = sorted(added);
    const isSame = JSON.stringify(content) === JSON.stringify(this.#content);
    return isSame ? this.text : `${JSON.stringify(content, undefined, indentOf(this.text))}\n`;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw cause;
    throw new ProjectError(`There is no ${path}. Name the folder of a project.`, { cause });
  }
}

function contentOf(text: string, path: string): Content {
  try {
    return JSON.parse(text) as Content;
  } catch (cause) {
    throw new ProjectError(`${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

function ours(
  content: Content,
): readonly (readonly [kind: (typeof KINDS)[number], name: string, asked: string])[] {
  return KINDS.flatMap((kind) =>
    Object.entries(content[kind] ?? {}).flatMap(([name, asked]) =>
      OURS.test(name) ? [[kind, name, asked] as const] : [],
    ),
  );
}

function sorted(dependencies: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(dependencies).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function indentOf(text: string): string {
  return /^\s*\{\s*\n(?<indent>[ \t]+)/.exec(text)?.groups?.['indent'] ?? '  ';
}
