import type {
  DiscoveryServices,
  DnsDiscoveryOptions,
  DnsName,
  DnsResolver,
  FileDiscoveryOptions,
  ServerDiscovery,
} from '@sluice/discovery';
import { checkedOptions, isObject, wrongConfig } from './checked-options.ts';
import type { OptionRules } from './checked-options.ts';

/** Where the servers of an origin are to be found. */
export type DiscoveryConfig =
  | ({ readonly type: 'dns'; readonly names: readonly DnsName[] } & Partial<DnsDiscoveryOptions>)
  | ({ readonly type: 'srv'; readonly service: string } & Partial<DnsDiscoveryOptions>)
  | ({ readonly type: 'file'; readonly path: string } & Partial<FileDiscoveryOptions>);

const YAML_PARSER = 'a function that reads YAML, as parse of the package yaml';
const TIME = { least: 1 } as const;
export const DNS_RULES: OptionRules<DnsDiscoveryOptions> = {
  minRefreshMs: TIME,
  maxRefreshMs: TIME,
  unknownTtlMs: TIME,
  jitterMs: { least: 0 },
  maxFailureRefreshMs: TIME,
  family: ['any', 'ipv4', 'ipv6'],
};
/** Those that a file can hold as well. */
export const FILE_RULES: OptionRules<Omit<FileDiscoveryOptions, 'parse'>> = {
  settleMs: { least: 0 },
  pollMs: TIME,
};
export const DNS_NAME_RULES: OptionRules<DnsName> = {
  host: 'text',
  port: { least: 1, most: 65_535, isWhole: true },
  weight: { least: 0.001 },
  priority: { least: 0, isWhole: true },
};

export function isDiscovery(given: DiscoveryConfig | ServerDiscovery): given is ServerDiscovery {
  return 'servers$' in given;
}

/** Throws a SluiceError that names what is wrong with it. */
export function checkDiscovery(given: unknown, path: string): void {
  if (!isObject(given)) throw wrongConfig(path, 'an object', given);
  if ('servers$' in given) return;
  const { type, names, service, path: file, ...options } = given;
  if (type === 'file') return checkFile(file, options, path);
  if (type === 'dns') {
    if (!Array.isArray(names) || names.length === 0)
      throw wrongConfig(`${path}.names`, 'a list of names', names);
    for (const [at, name] of names.entries()) checkName(name, `${path}.names[${at}]`);
  } else if (type === 'srv') requireText(service, `${path}.service`);
  else throw wrongConfig(`${path}.type`, 'one of dns, srv, file', type);
  checkRefresh(checkedOptions({} as DnsDiscoveryOptions, options, DNS_RULES, path), path);
}

// The longest time would count, and names be looked up more often than they may be.
function checkRefresh(
  { minRefreshMs = 0, maxRefreshMs = Infinity }: Partial<DnsDiscoveryOptions>,
  path: string,
): void {
  if (minRefreshMs > maxRefreshMs)
    throw wrongConfig(`${path}.minRefreshMs`, 'at most maxRefreshMs', minRefreshMs);
}

/** Makes the discovery that is declared. Its package, and rxjs with it, is loaded only here. */
export async function openDiscovery(
  config: DiscoveryConfig,
  services: DiscoveryServices,
  resolver: DnsResolver | undefined,
): Promise<ServerDiscovery> {
  const { DnsDiscovery, FileDiscovery, SrvDiscovery } = await import('@sluice/discovery');
  switch (config.type) {
    case 'dns':
      return new DnsDiscovery(config.names, config, services, resolver);
    case 'srv':
      return new SrvDiscovery(config.service, config, services, resolver);
    default:
      return new FileDiscovery(config.path, config, services);
  }
}

/** Whether a file of servers is YAML by its name, and needs `parse`. */
export function isYamlFile(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

function checkFile(
  file: unknown,
  { parse, ...options }: Readonly<Record<string, unknown>>,
  path: string,
): void {
  requireText(file, `${path}.path`);
  const isYaml = isYamlFile(String(file));
  if (typeof parse !== 'function' && (isYaml || parse !== undefined))
    throw wrongConfig(`${path}.parse`, isYaml ? YAML_PARSER : 'a function', parse);
  checkedOptions({} as Omit<FileDiscoveryOptions, 'parse'>, options, FILE_RULES, path);
}

function checkName(name: unknown, path: string): void {
  const { host, port } = checkedOptions({} as DnsName, name, DNS_NAME_RULES, path);
  requireText(host, `${path}.host`);
  if (port === undefined) throw wrongConfig(`${path}.port`, 'a port', port);
}

function requireText(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') throw wrongConfig(path, 'a text that is not empty', value);
}
