import { readFile } from 'node:fs/promises';
import { FolderWatcher } from '@sluice/core';
import { distinctUntilChanged, Observable } from 'rxjs';
import { DiscoveryError } from './discovery-error.ts';
import { sameServers } from './same-servers.ts';
import type { DiscoveredServer, DiscoveryServices, ServerDiscovery } from './server-discovery.ts';
import { serversOf } from './server-file.ts';

export class FileDiscoveryOptions {
  /** How long the file must be left alone before it is read, in ms: it may be written in pieces; four times that at most. Default: 50. */
  readonly settleMs: number = 50;
  /** How often it is read in any case, in ms, since not all changes are seen, as on network file systems. Default: 10 000. */
  readonly pollMs: number = 10_000;
  /** What the text says, as JavaScript has it; throws for what it can't read. Default: `JSON.parse`; for YAML take `parse` of the package yaml. */
  readonly parse: (text: string) => unknown = JSON.parse;
}

/**
 * Takes the servers from a file, which is JSON unless the options say how it is read, and again whenever it changes.
 *
 * The folder is watched, so that a file that is put in the place of the old one, a link that is
 * turned, or a folder that is replaced is seen. What can't be read or understood is logged and changes nothing;
 * the same failure is logged once until there is another or a success. Replace the file by a rename: who
 * writes it in place may be read half-way.
 */
export class FileDiscovery implements ServerDiscovery {
  readonly servers$: Observable<readonly DiscoveredServer[]>;
  readonly #path: string;
  readonly #options: FileDiscoveryOptions;
  readonly #services: DiscoveryServices;

  constructor(path: string, options: Partial<FileDiscoveryOptions>, services: DiscoveryServices) {
    this.#path = path;
    this.#options = Object.assign(new FileDiscoveryOptions(), options);
    this.#services = services;
    this.servers$ = this.#observe().pipe(distinctUntilChanged(sameServers));
  }

  #observe(): Observable<readonly DiscoveredServer[]> {
    return new Observable((subscriber) => {
      const { clock, lastServers = [] } = this.#services;
      const { pollMs } = this.#options;
      const reports = new OutcomeReports(this.#path, this.#services);
      let begun = 0;
      let latest = 0;
      const read = async (): Promise<void> => {
        const number = ++begun;
        const outcome = await this.#read();
        // A reading that was begun later has overtaken this one, or nobody wants it any more.
        if (number < latest || subscriber.closed) return;
        const isFirst = latest === 0;
        latest = number;
        reports.report(outcome);
        if (!(outcome instanceof DiscoveryError)) subscriber.next(outcome);
        else if (isFirst) subscriber.next(lastServers);
      };
      const folders = this.#watch(() => void read());
      const poll = clock.schedule(pollMs, () => {
        poll.refresh();
        folders.refresh();
        void read();
      });
      void read();
      return () => {
        poll.cancel();
        folders.close();
      };
    });
  }

  #watch(onChange: () => void): FolderWatcher {
    const { clock, logger } = this.#services;
    const folders = new FolderWatcher({
      clock,
      quietMs: this.#options.settleMs,
      // The file is read now and then in any case.
      pollMs: 0,
      onChange,
      onError: (folder, err) =>
        logger.warn({ err, folder }, 'A folder is not watched: changes of servers in it may be seen late.'),
    });
    folders.watch({ files: [this.#path], patterns: [] });
    return folders;
  }

  async #read(): Promise<readonly DiscoveredServer[] | DiscoveryError> {
    try {
      return serversOf(this.#options.parse(await readFile(this.#path, 'utf8')));
    } catch (cause) {
      return new DiscoveryError(`${this.#path}: ${messageOf(cause)}`, { cause });
    }
  }
}

/** Tells what came of reading a file: every time for figures, and a failure once for the log. */
class OutcomeReports {
  readonly #path: string;
  readonly #services: DiscoveryServices;
  #failure: string | undefined = undefined;

  constructor(path: string, services: DiscoveryServices) {
    this.#path = path;
    this.#services = services;
  }

  report(outcome: readonly DiscoveredServer[] | DiscoveryError): void {
    const { logger, onOutcome } = this.#services;
    if (!(outcome instanceof DiscoveryError)) {
      this.#failure = undefined;
      onOutcome?.(outcome.length === 0 ? 'empty' : 'success');
      return;
    }
    onOutcome?.('failure');
    if (outcome.message === this.#failure) return;
    this.#failure = outcome.message;
    logger.warn({ err: outcome, path: this.#path }, 'The file with the servers of an origin is no use.');
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
