export { DiscoveryError } from './discovery-error.ts';
export { DnsDiscovery, DnsDiscoveryOptions } from './dns-discovery.ts';
export type { DnsName } from './dns-discovery.ts';
export { SystemDnsResolver } from './dns-resolver.ts';
export type { AddressRecord, DnsResolver, SrvRecord } from './dns-resolver.ts';
export { FileDiscovery, FileDiscoveryOptions } from './file-discovery.ts';
export type { AddressFamily } from './host-addresses.ts';
export { RefreshOptions } from './refresh-options.ts';
export type {
  DiscoveredServer,
  DiscoveryOutcome,
  DiscoveryServices,
  ServerDiscovery,
} from './server-discovery.ts';
export { SrvDiscovery } from './srv-discovery.ts';
export { StaticDiscovery } from './static-discovery.ts';
