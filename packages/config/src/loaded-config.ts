import { isDeepStrictEqual } from 'node:util';
import type { Secrets } from './effective/secrets.ts';
import type { Finding } from './finding.ts';
import type { ConfigRecord } from './source/config-files.ts';
import type { ConfigPath } from './source/config-path.ts';
import type { ConfigSource } from './source/config-source.ts';
import type { NamedFiles } from './source/named-files.ts';

/** A configuration that has passed its schema and its checks. */
export class LoadedConfig<Config> {
  /** With defaults filled in. */
  readonly value: Config;
  /** What the checks have found that is no error. */
  readonly warnings: readonly Finding[];
  /** Absolute paths of all files that it was read from, with those of secrets and those that its definition's `filesOf` tells of. */
  readonly files: readonly string[];
  readonly #source: ConfigSource;
  readonly #secrets: Secrets;
  readonly #named: NamedFiles;

  constructor(
    value: Config,
    source: ConfigSource,
    warnings: readonly Finding[],
    secrets: Secrets,
    named: NamedFiles,
  ) {
    this.value = value;
    this.warnings = warnings;
    this.files = [...source.files, ...named.paths];
    this.#source = source;
    this.#secrets = secrets;
    this.#named = named;
  }

  /** Absolute paths of what is included, some with `*` or `?` in their last part. */
  get patterns(): readonly string[] {
    return this.#source.patterns;
  }

  /** What was read for it: with `recordedFiles` another process reads the very same. There are secrets in it. */
  get record(): ConfigRecord {
    return this.#source.record;
  }

  /** Whether the value at the end of a path is not to be shown. */
  isSecret(path: ConfigPath): boolean {
    return this.#secrets.has(path);
  }

  /** The value with `***` in the place of every secret. */
  get shown(): unknown {
    return this.#secrets.mask(this.value);
  }

  /** A text, or a copy of plain data that was made of the value, with `***` where the text of a secret was. */
  hideSecrets<Value>(shown: Value): Value {
    return this.#secrets.hide(shown);
  }

  /** Whether another one says the same, whatever its files look like; those that `filesOf` tells of hold the same, too. */
  equals(other: LoadedConfig<Config>): boolean {
    return (
      isDeepStrictEqual(this.#source.plain, other.#source.plain) && this.changedFilesIn(other).length === 0
    );
  }

  /** Of the files that `filesOf` tells of for both, those that hold something else in another one. */
  changedFilesIn(other: LoadedConfig<Config>): readonly string[] {
    return this.#named.changedIn(other.#named);
  }
}
