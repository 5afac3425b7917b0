import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { MarkedFinding } from '../finding.ts';
import { diskFiles, RecordingFiles } from './config-files.ts';
import type { ConfigFiles } from './config-files.ts';
import { ConfigLimits } from './config-limits.ts';
import type { ConfigNode, MapNode } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';
import { ConfigSource } from './config-source.ts';
import { includedFiles } from './included-files.ts';
import { mergeMaps } from './merge-nodes.ts';
import { parseSource } from './parse-source.ts';
import { Mark, SourceFile } from './source-file.ts';
import type { Substitutes } from './substitute.ts';
import { TreeBuilder } from './tree-builder.ts';
import { ValueBudget } from './value-budget.ts';

export interface ReadOptions {
  /** Where `${NAME}` is looked up. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<ConfigLimits>;
  /** Default: those of this machine. */
  readonly files?: ConfigFiles;
}

/** Reads a file and all that it includes. What is wrong is in the findings of what it returns; it throws nothing. */
export function readConfig(path: string, options: ReadOptions = {}): ConfigSource {
  return new ConfigReader(options).read(path);
}

/** A file that is being read, with the one that includes it. */
interface Chain {
  readonly file: SourceFile;
  readonly includer: Chain | undefined;
}

class ConfigReader {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #limits: ConfigLimits;
  readonly #files: RecordingFiles;
  readonly #budget: ValueBudget;
  readonly #findings: MarkedFinding[] = [];
  readonly #sources = new Map<string, SourceFile>();
  readonly #watched = new Set<string>();
  readonly #patterns = new Set<string>();

  constructor({ env = process.env, limits, files = diskFiles }: ReadOptions) {
    this.#env = env;
    this.#files = new RecordingFiles(files);
    this.#limits = { ...new ConfigLimits(), ...limits };
    this.#budget = new ValueBudget(this.#limits);
  }

  read(path: string): ConfigSource {
    const start = new Mark(new SourceFile(path, resolve(path), '', 0), 0);
    const root = this.#file(path, resolve(path), undefined, start, []) ?? emptyMap(start);
    const read = { files: [...this.#watched], patterns: [...this.#patterns], record: this.#files.record };
    return new ConfigSource(root, this.#findings, read);
  }

  #file(
    name: string,
    path: string,
    includer: Chain | undefined,
    from: Mark,
    at: ConfigPath,
  ): MapNode | undefined {
    const file = this.#open(name, path, includer, from, at);
    const document = file && parseSource(file, this.#findings);
    if (file === undefined || document === undefined) return undefined;
    const root = new TreeBuilder(
      file,
      document,
      this.#substitutes(file),
      this.#budget,
      this.#findings,
    ).build();
    return this.#withIncluded(this.#asMap(root), { file, includer });
  }

  #open(
    name: string,
    path: string,
    includer: Chain | undefined,
    from: Mark,
    at: ConfigPath,
  ): SourceFile | undefined {
    this.#watched.add(path);
    const real = this.#files.realPath(path);
    const chain = namesOf(includer);
    const earlier = this.#sources.get(real);
    if (earlier) {
      const isCycle = pathsOf(includer).includes(real);
      const what = isCycle
        ? `the files include each other: ${[...chain, earlier.name].join(' → ')}`
        : `"${name}" is included a second time`;
      return this.#fault(from, at, what);
    }
    if (this.#sources.size >= this.#limits.maxFiles)
      return this.#fault(from, at, `there are more than ${this.#limits.maxFiles} files`);
    try {
      const file = new SourceFile(
        name,
        real,
        this.#files.readText(path, name, this.#limits.maxFileBytes),
        this.#sources.size,
      );
      this.#sources.set(real, file);
      return file;
    } catch (cause) {
      return this.#fault(from, at, cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** An empty file is an empty map. */
  #asMap(root: ConfigNode): MapNode {
    if (root.kind === 'map') return root;
    const isEmpty = root.kind === 'scalar' && root.value === null;
    if (!isEmpty)
      this.#fault(root.mark, [], `found a ${root.kind === 'list' ? 'list' : 'single value'}, expected a map`);
    return emptyMap(root.mark);
  }

  #withIncluded(own: MapNode, chain: Chain): MapNode {
    const include = own.entries.get('include');
    if (include === undefined) return own;
    const entries = new Map(own.entries);
    entries.delete('include');
    let merged: MapNode | undefined;
    for (const [index, { pattern, mark }] of this.#patternsOf(include.value).entries()) {
      for (const each of this.#includedBy(pattern, chain, mark, ['include', index]))
        merged = merged === undefined ? each : mergeMaps(merged, each, this.#findings);
    }
    const rest = { ...own, entries };
    return merged === undefined ? rest : mergeMaps(merged, rest, this.#findings);
  }

  #patternsOf(node: ConfigNode): readonly { pattern: string; mark: Mark }[] {
    const items = node.kind === 'list' ? node.items : [node];
    return items.flatMap((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '')
        return [{ pattern: item.value, mark: item.mark }];
      this.#fault(item.mark, ['include'], 'expected the path of a file, or a list of them');
      return [];
    });
  }

  #includedBy(pattern: string, chain: Chain, mark: Mark, at: ConfigPath): readonly MapNode[] {
    const { file } = chain;
    const shown = dirname(file.name);
    const folder = dirname(file.path);
    this.#patterns.add(resolve(folder, pattern));
    return includedFiles(pattern, isAbsolute(pattern) ? '/' : folder, this.#files).flatMap((found) => {
      const name = isAbsolute(found) ? found : join(shown, found);
      return this.#file(name, resolve(folder, found), chain, mark, at) ?? [];
    });
  }

  #substitutes(file: SourceFile): Substitutes {
    const readSecret = (path: string): string => {
      const absolute = resolve(dirname(file.path), path);
      this.#watched.add(absolute);
      return this.#files.readText(absolute, path, this.#limits.maxSecretBytes);
    };
    return { env: this.#env, readSecret };
  }

  #fault(mark: Mark, path: ConfigPath, message: string): undefined {
    this.#findings.push({ severity: 'error', path, mark, message });
  }
}

function namesOf(chain: Chain | undefined): readonly string[] {
  return chain === undefined ? [] : [...namesOf(chain.includer), chain.file.name];
}

function pathsOf(chain: Chain | undefined): readonly string[] {
  return chain === undefined ? [] : [...pathsOf(chain.includer), chain.file.path];
}

function emptyMap(mark: Mark): MapNode {
  return { kind: 'map', mark, entries: new Map() };
}
