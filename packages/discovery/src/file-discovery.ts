import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Timer } from '@sluice/core';
import { distinctUntilChanged, Observable } from 'rxjs';
import { DiscoveryError } from './discovery-error.ts';
import { sameServers } from './same-servers.ts';
import type { DiscoveredServer, DiscoveryServices, ServerDiscovery } from './server-discovery.ts';
import { serversOf } from './server-file.ts';

export class FileDiscoveryOptions {
  /** How long the file must be left alone before it is read, in ms: it may be written in pieces. Default: 50. */
  readonly settleMs: number = 50;
  /** How often it is read even if nothing was seen to change, as on network file systems, in ms. Default: 10 000. */
  readonly pollMs: number = 10_000;
  /** What the text says, as JavaScript has it; throws for what it can't read. Default: `JSON.parse`; for YAML take `parse` of the package yaml. */
  readonly parse: (text: string) => unknown = JSON.parse;
}

/**
 * Takes the servers from a file, which is JSON unless the options say how it is read, and again whenever it changes.
 *
 * The folder is watched, so that a file that is put in the place of the old one, or a link that is
 * turned, is seen. What can't be read or understood is logged and changes nothing. Replace the file
 * by a rename: who writes it in place may be read half-way.
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
      const { clock } = this.#services;
      let timer: Timer | undefined = undefined;
      let reads = 0;
      let isKnown = false;
      const readIn = (delayMs: number): void => {
        timer?.cancel();
        timer = clock.schedule(delayMs, () => void read());
      };
      const read = async (): Promise<void> => {
        readIn(this.#options.pollMs);
        const number = ++reads;
        const servers = await this.#read();
        // A later reading has overtaken this one, or nobody wants it any more.
        if (number !== reads || subscriber.closed) return;
        if (servers !== undefined || !isKnown) subscriber.next(servers ?? []);
        isKnown = true;
      };
      const watcher = this.#watch(() => readIn(this.#options.settleMs));
      void read();
      return () => {
        timer?.cancel();
        watcher?.close();
      };
    });
  }

  // Without a watcher, what changes is seen by reading the file now and then.
  #watch(onChange: () => void): FSWatcher | undefined {
    try {
      return watch(dirname(this.#path), onChange).on('error', (err) => this.#failed(err));
    } catch (cause) {
      this.#failed(cause);
      return undefined;
    }
  }

  async #read(): Promise<readonly DiscoveredServer[] | undefined> {
    try {
      const servers = serversOf(this.#options.parse(await readFile(this.#path, 'utf8')));
      this.#services.onOutcome?.(servers.length === 0 ? 'empty' : 'success');
      return servers;
    } catch (cause) {
      this.#failed(new DiscoveryError(`${this.#path}: ${messageOf(cause)}`, { cause }));
      return undefined;
    }
  }

  #failed(err: unknown): void {
    this.#services.onOutcome?.('failure');
    this.#services.logger.warn(
      { err, path: this.#path },
      'The file with the servers of an origin is no use.',
    );
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
