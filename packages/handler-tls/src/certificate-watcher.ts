import type { Logger } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import type { ServerSslContext } from './server-ssl-context.ts';

/** What became of reading the certificates again: an error means that the old ones are still in use. */
export interface CertificateReload {
  readonly error: unknown;
}

/** Options of {@link CertificateWatcher}. */
export class CertificateWatcherOptions {
  /** How long the files must be quiet before they are read, in ms, since a certificate and its key are two writes. */
  readonly debounceMs: number = 250;
  /** Called after each change, for metrics. */
  readonly onReload: (reload: CertificateReload) => void = () => {};
}

/**
 * Reads the certificates of a context again when their files change: written in place, renamed
 * into place, or behind a symbolic link that moves, as Kubernetes does it. A file that can't be used is
 * logged as an error, and the old certificates stay in use.
 */
export class CertificateWatcher {
  readonly #context: ServerSslContext;
  readonly #logger: Logger;
  readonly #options: CertificateWatcherOptions;
  readonly #watchers: readonly FSWatcher[];
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(context: ServerSslContext, logger: Logger, options: Partial<CertificateWatcherOptions> = {}) {
    this.#context = context;
    this.#logger = logger;
    this.#options = withDefaults(CertificateWatcherOptions, options);
    // The folders: a watch on a file ends with the file.
    const folders = new Set(context.files.map((file) => dirname(file)));
    this.#watchers = [...folders].map((folder) => this.#watch(folder));
  }

  /** Reads the files now. Returns whether anything has changed and is in use. */
  reload(): boolean {
    clearTimeout(this.#timer);
    try {
      const isChanged = this.#context.reload();
      if (!isChanged) return false;
      this.#logger.info({ files: this.#context.files }, 'The certificates were read again.');
      this.#options.onReload({ error: undefined });
      return true;
    } catch (error) {
      const fields = { err: error, files: this.#context.files };
      this.#logger.error(fields, 'The certificates could not be read again; the old ones stay in use.');
      this.#options.onReload({ error });
      return false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): FSWatcher {
    const watcher = watch(folder, { persistent: false }, () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.reload(), this.#options.debounceMs).unref();
    });
    watcher.on('error', (error) => {
      this.#logger.error(
        { err: error, folder },
        'Changes of the certificates in this folder are not seen any more.',
      );
    });
    return watcher;
  }
}
