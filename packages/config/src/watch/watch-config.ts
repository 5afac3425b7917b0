import type { Observable } from 'rxjs';
import type { z } from 'zod';
import { ConfigWatcher } from './config-watcher.ts';
import type { ConfigEvent, WatchOptions } from './config-watcher.ts';

/** A configuration under watch. */
export interface WatchedConfig<Config> {
  /**
   * What it is on subscription, and then each time that it says something else; content that says
   * the same is no event. It never ends of itself; the files are watched while somebody is subscribed.
   */
  readonly events$: Observable<ConfigEvent<Config>>;
  /** Loads it now, for all who are subscribed. Resolves when what came of it was emitted. */
  reload(): Promise<void>;
}

/** Watches a file with all that it includes, and the files of its secrets. rxjs is imported by the first call. */
export async function watchConfig<Schema extends z.ZodType>(
  path: string,
  options: WatchOptions<Schema>,
): Promise<WatchedConfig<z.output<Schema>>> {
  const { Observable, share, ReplaySubject } = await import('rxjs');
  let watcher: ConfigWatcher<Schema> | undefined;
  const events$ = new Observable<ConfigEvent<z.output<Schema>>>((subscriber) => {
    const watching = new ConfigWatcher(path, options, (event) => subscriber.next(event));
    watcher = watching;
    void watching.reload();
    return () => watching.close();
  }).pipe(share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true }));
  return { events$, reload: async () => watcher?.reload() };
}
