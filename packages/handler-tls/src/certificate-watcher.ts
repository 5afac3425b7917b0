import { BackgroundClock, FolderWatcher } from '@sluice/core';
import type { Clock, Logger } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import type { ServerSslContext } from './server-ssl-context.ts';

/** What became of reading the certificates again: an error means that the old ones are still in use. */
export interface CertificateReload {
  readonly error: unknown;
}

/** Options of {@link CertificateWatcher}. */
export class CertificateWatcherOptions {
  /** How long the files must be quiet before they are read, in ms, since a certificate and its key are two writes; four times that at most. */
  readonly debounceMs: number = 250;
  /** Called after each change, for metrics. */
  readonly onReload: (reload: CertificateReload) => void = () => {};
  /** Default: real time, without keeping the process alive. */
  readonly clock: Clock = new BackgroundClock();
}

/**
 * Reads the certificates of a context again when their files change: written in place, renamed
 * into place, in a folder that is replaced, or behind a symbolic link that moves, as Kubernetes does it. A file that can't be used is
 * logged as an error, and the old certificates stay in use.
 */
export class CertificateWatcher {
  readonly #context: ServerSslContext;
  readonly #logger: Logger;
  readonly #options: CertificateWatcherOptions;
  readonly #folders: FolderWatcher;

  constructor(context: ServerSslContext, logger: Logger, options: Partial<CertificateWatcherOptions> = {}) {
    this.#context = context;
    this.#logger = logger;
    this.#options = withDefaults(CertificateWatcherOptions, options);
    this.#folders = this.#watch();
  }

  /** Reads the files now. Returns whether anything has changed and is in use. */
  reload(): boolean {
    this.#folders.refresh();
    return this.#read();
  }

  close(): void {
    this.#folders.close();
  }

  #read(): boolean {
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

  #watch(): FolderWatcher {
    const { clock, debounceMs } = this.#options;
    const folders = new FolderWatcher({
      clock,
      quietMs: debounceMs,
      isPersistent: false,
      onChange: () => void this.#read(),
      onError: (folder, err) =>
        this.#logger.warn(
          { err, folder },
          'This folder is not watched: changes of the certificates may be seen late.',
        ),
    });
    folders.watch({ files: this.#context.files, patterns: [] });
    return folders;
  }
}
