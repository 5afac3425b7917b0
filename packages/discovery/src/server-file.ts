import type { DiscoveredServer } from './server-discovery.ts';
import { DiscoveryError } from './discovery-error.ts';

const FIELDS = ['host', 'port', 'path', 'weight', 'priority'];
const MAX_PORT = 65_535;

/**
 * Reads a set of servers out of what a file holds: a list, or an object with a list `servers`, of
 * `{ host, port, weight?, priority? }` or `{ path, … }`. Throws a {@link DiscoveryError} that names
 * the place.
 */
export function serversOf(content: unknown): DiscoveredServer[] {
  if (Array.isArray(content)) return content.map((entry, at) => serverOf(entry, `[${at}]`));
  const list = isObject(content) ? content['servers'] : undefined;
  if (!Array.isArray(list)) throw wrong('servers', 'a list of servers', list);
  return list.map((entry, at) => serverOf(entry, `servers[${at}]`));
}

function serverOf(entry: unknown, place: string): DiscoveredServer {
  if (!isObject(entry)) throw wrong(place, 'an object with host and port, or path', entry);
  const unknownField = Object.keys(entry).find((name) => !FIELDS.includes(name));
  if (unknownField !== undefined) throw wrong(`${place}.${unknownField}`, `one of ${FIELDS.join(', ')}`);
  const { host, port, path, weight = 1, priority = 0 } = entry;
  if (typeof weight !== 'number' || !(weight > 0 && weight < Infinity)) {
    throw wrong(`${place}.weight`, 'a number above 0', weight);
  }
  if (!isCount(priority)) throw wrong(`${place}.priority`, 'a whole number from 0', priority);
  if (typeof path === 'string' && path !== '' && host === undefined && port === undefined) {
    return { address: { path }, weight, priority };
  }
  if (typeof host !== 'string' || host === '')
    throw wrong(`${place}.host`, 'an address or a host name', host);
  if (!isCount(port) || port < 1 || port > MAX_PORT)
    throw wrong(`${place}.port`, 'a port from 1 to 65535', port);
  return { address: { host, port }, weight, priority };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function wrong(place: string, expected: string, ...found: readonly unknown[]): DiscoveryError {
  const got = found.length === 0 ? '' : `; got ${JSON.stringify(found[0]) ?? 'nothing'}`;
  return new DiscoveryError(`${place} must be ${expected}${got}.`);
}
