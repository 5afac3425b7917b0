import { inspect } from 'node:util';
import { formatAddress, SluiceError } from '@sluice/core';
import type { GatewayDeclaration, ListenerDeclaration } from './gateway-declaration.ts';
import { isSamePlace } from './same-place.ts';

const MAX_PORT = 65_535;

type KeysOf<Declaration> = Readonly<Record<keyof Required<Declaration>, true>>;

// Records, and not lists, so that the compiler sees that none is missing.
const GATEWAY_KEYS: KeysOf<GatewayDeclaration> = {
  listeners: true,
  routes: true,
  virtualHosts: true,
  ambiguousPaths: true,
  filters: true,
  origins: true,
  originServices: true,
  originHandlers: true,
  defaultEndpoint: true,
  errorEndpoint: true,
  modules: true,
  drain: true,
  logger: true,
  clock: true,
  transport: true,
  eventLoop: true,
};
/** Those of the others that are lists, and of what. */
const LISTS = {
  filters: 'a list of classes',
  origins: 'a list of { name, servers }',
  originHandlers: 'a list of classes',
  modules: 'a list of ContainerModules',
} as const;
const LISTENER_KEYS: KeysOf<ListenerDeclaration> = {
  name: true,
  address: true,
  handlers: true,
  tls: true,
  modules: true,
};

/**
 * The compiler has refused what this refuses, unless there was none, or the declaration came from elsewhere. Throws a
 * {@link SluiceError} that names the place.
 */
export function checkDeclaration(declaration: GatewayDeclaration): void {
  checkKeys(declaration, GATEWAY_KEYS, '');
  checkLists(declaration);
  checkModules('modules', declaration.modules);
  const { listeners } = declaration;
  if (!Array.isArray(listeners)) throw wrong('listeners', 'a list of { address, handlers }', listeners);
  for (const [at, listener] of (listeners as readonly unknown[]).entries()) {
    const path = `listeners[${at}]`;
    if (!isObject(listener)) throw wrong(path, 'an object with address and handlers', listener);
    checkKeys(listener, LISTENER_KEYS, `${path}.`);
    checkAddress(`${path}.address`, listener['address']);
    const { handlers } = listener;
    if (!Array.isArray(handlers)) throw wrong(`${path}.handlers`, 'a list of classes', handlers);
    checkModules(`${path}.modules`, listener['modules']);
  }
  checkDistinct(listeners);
}

function checkLists(declaration: GatewayDeclaration): void {
  for (const [key, what] of Object.entries(LISTS)) {
    const value: unknown = declaration[key as keyof typeof LISTS];
    if (value !== undefined && !Array.isArray(value)) throw wrong(key, what, value);
  }
}

function checkModules(path: string, modules: unknown): void {
  if (modules === undefined) return;
  if (!Array.isArray(modules)) throw wrong(path, LISTS.modules, modules);
  for (const [at, module] of (modules as readonly unknown[]).entries()) {
    // Not by its class, which is another one where inversify is there twice.
    const canLoad = isObject(module) && typeof module['load'] === 'function';
    if (!canLoad) throw wrong(`${path}[${at}]`, 'a ContainerModule', module);
  }
}

/** Else the second of them would seem to meet another program. Port 0 is another port each time. */
function checkDistinct(listeners: readonly ListenerDeclaration[]): void {
  for (const [at, { address }] of listeners.entries()) {
    const other = listeners.slice(0, at).findIndex((earlier) => isSamePlace(earlier.address, address));
    if (other === -1) continue;
    throw wrong(
      `listeners[${at}].address`,
      `another than that of listeners[${other}]`,
      formatAddress(address),
    );
  }
}

function checkKeys(given: object, known: object, path: string): void {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(known, key));
  if (unknown === undefined) return;
  const keys = Object.keys(known).join(', ');
  throw new SluiceError('SLUICE_GATEWAY_DECLARATION', `${path}${unknown} is not known; known are ${keys}.`);
}

function checkAddress(path: string, address: unknown): void {
  if (isObject(address) && typeof address['path'] === 'string') return;
  if (!isObject(address)) throw wrong(path, 'an object with host and port, or path', address);
  const { host, port } = address;
  if (typeof host !== 'string') throw wrong(`${path}.host`, 'an address or a host name', host);
  const isPort = Number.isInteger(port) && Number(port) >= 0 && Number(port) <= MAX_PORT;
  if (typeof port !== 'number' || !isPort) throw wrong(`${path}.port`, `a port from 0 to ${MAX_PORT}`, port);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(path: string, expected: string, found: unknown): SluiceError {
  const got = found === undefined ? 'nothing' : inspect(found, { depth: 0, breakLength: Infinity });
  return new SluiceError('SLUICE_GATEWAY_DECLARATION', `${path} must be ${expected}; got ${got}.`);
}
