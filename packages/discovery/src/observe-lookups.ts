import { distinctUntilChanged, Observable } from 'rxjs';
import { RefreshLoop } from './refresh-loop.ts';
import type { RefreshOptions } from './refresh-options.ts';
import { sameServers } from './same-servers.ts';
import type { DiscoveredServer, DiscoveryServices } from './server-discovery.ts';

/** What one look-up has found, and for how long that holds, if it is known. */
export interface FoundServers {
  readonly servers: readonly DiscoveredServer[];
  readonly validMs: number | undefined;
}

/**
 * The servers that look-ups find, as long as somebody is subscribed. A look-up that fails is logged
 * with `fields`, the same failure once until there is another or a success, and changes nothing; if it is the first one, those that were found before are told, or none, so
 * that nobody waits for them.
 */
export function observeLookups(
  lookUp: () => Promise<FoundServers>,
  fields: object,
  options: RefreshOptions,
  services: DiscoveryServices,
): Observable<readonly DiscoveredServer[]> {
  const found$ = new Observable<readonly DiscoveredServer[]>((subscriber) => {
    let isKnown = false;
    let failure: string | undefined = undefined;
    const tell = (servers: readonly DiscoveredServer[]): void => {
      isKnown = true;
      subscriber.next(servers);
    };
    const ask = async (): Promise<number | undefined> => {
      const { servers, validMs } = await lookUp();
      failure = undefined;
      services.onOutcome?.(servers.length === 0 ? 'empty' : 'success');
      tell(servers);
      return validMs;
    };
    const failed = (err: unknown): void => {
      services.onOutcome?.('failure');
      if (failure !== String(err))
        services.logger.warn({ err, ...fields }, 'The servers of an origin could not be looked up.');
      failure = String(err);
      if (!isKnown) tell(services.lastServers ?? []);
    };
    const loop = new RefreshLoop(ask, failed, options, services).start();
    return () => loop.stop();
  });
  return found$.pipe(distinctUntilChanged(sameServers));
}
