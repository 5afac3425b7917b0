import { of } from 'rxjs';
import type { Observable } from 'rxjs';
import type { DiscoveredServer, ServerDiscovery } from './server-discovery.ts';

/** Servers that are listed once and stay. */
export class StaticDiscovery implements ServerDiscovery {
  readonly servers$: Observable<readonly DiscoveredServer[]>;

  constructor(servers: readonly DiscoveredServer[]) {
    this.servers$ = of(servers);
  }
}
