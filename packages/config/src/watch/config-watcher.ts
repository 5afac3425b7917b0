import { FolderWatcher, silentLogger, SystemClock } from '@sluice/core';
import type { Clock, Logger } from '@sluice/core';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../config-error.ts';
import { loadConfig } from '../load-config.ts';
import type { LoadOptions } from '../load-config.ts';
import type { LoadedConfig } from '../loaded-config.ts';

/** What a watched configuration has become. After one that was refused, the last that was loaded still counts. */
export type ConfigEvent<Config> =
  | { readonly kind: 'loaded'; readonly config: LoadedConfig<Config> }
  | { readonly kind: 'refused'; readonly error: Error };

export interface WatchOptions<Schema extends z.ZodType> extends LoadOptions<Schema> {
  /** How long the files must be quiet before they are read again, in ms: editors write in several steps; four times that at most. Default: 100. */
  readonly quietMs?: number;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Is told of folders that can't be watched. Default: nobody. */
  readonly logger?: Logger;
}

/** Loads a configuration, and again whenever one of its files changes or it is told to. */
export class ConfigWatcher<Schema extends z.ZodType> {
  readonly #path: string;
  readonly #options: WatchOptions<Schema>;
  readonly #emit: (event: ConfigEvent<z.output<Schema>>) => void;
  readonly #folders: FolderWatcher;
  #loading: Promise<void> = Promise.resolve();
  #current: LoadedConfig<z.output<Schema>> | undefined = undefined;
  #refusal: string | undefined = undefined;
  #isClosed = false;

  constructor(
    path: string,
    options: WatchOptions<Schema>,
    emit: (event: ConfigEvent<z.output<Schema>>) => void,
  ) {
    const { clock = new SystemClock(), quietMs = 100, logger = silentLogger } = options;
    this.#path = path;
    this.#options = options;
    this.#emit = emit;
    this.#folders = new FolderWatcher({
      clock,
      quietMs,
      onChange: () => void this.#enqueue(),
      onError: (folder, cause) =>
        logger.warn({ folder, err: cause }, 'A folder of the configuration is not watched.'),
    });
    this.#folders.watch({ files: [resolve(path)], patterns: [] });
  }

  /** Loads it now, behind a load that is under way. Resolves when what came of it was emitted. */
  reload(): Promise<void> {
    this.#folders.refresh();
    return this.#enqueue();
  }

  close(): void {
    this.#isClosed = true;
    this.#folders.close();
  }

  #enqueue(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#load());
    return this.#loading;
  }

  async #load(): Promise<void> {
    if (this.#isClosed) return;
    try {
      this.#loaded(await this.#loadWatched());
    } catch (cause) {
      this.#refused(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  /** A file that was not watched while it was read may have changed since, and nothing would tell: it is read once more. */
  async #loadWatched(): Promise<LoadedConfig<z.output<Schema>>> {
    const config = await loadConfig(this.#path, this.#options);
    const known = new Set(this.#current?.files ?? [resolve(this.#path)]);
    if (this.#isClosed || config.files.every((file) => known.has(file))) return config;
    this.#folders.watch(config);
    return loadConfig(this.#path, this.#options);
  }

  #loaded(config: LoadedConfig<z.output<Schema>>): void {
    if (this.#isClosed) return;
    this.#folders.watch(config);
    const isKnown = this.#refusal === undefined && this.#current?.equals(config) === true;
    this.#refusal = undefined;
    this.#current = config;
    if (!isKnown) this.#emit({ kind: 'loaded', config });
  }

  #refused(error: Error): void {
    if (this.#isClosed) return;
    const files = error instanceof ConfigError ? error.files : [];
    // What was watched may be what mends it.
    this.#folders.watch({
      files: [resolve(this.#path), ...files, ...(this.#current?.files ?? [])],
      patterns: this.#current?.patterns ?? [],
    });
    if (this.#refusal === error.message) return;
    this.#refusal = error.message;
    this.#emit({ kind: 'refused', error });
  }
}
