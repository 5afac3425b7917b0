import { HttpServerCodec } from '@sluice/codec-http';
import { Gateway } from '@sluice/gateway';
import type { GatewayDeclaration } from '@sluice/gateway';
import { expect, it } from 'vitest';

const address = { host: '127.0.0.1', port: 0 };

it.each<[unknown, string]>([
  [{}, 'listeners must be a list of { address, handlers }; got nothing.'],
  [{ listeners: [], filter: [] }, 'filter is not known; known are listeners, routes, '],
  [
    { listeners: [{ address, handlers: [], ssl: {} }] },
    'listeners[0].ssl is not known; known are name, address, handlers, tls, modules.',
  ],
  [{ listeners: [8080] }, 'listeners[0] must be an object with address and handlers; got 8080.'],
  [
    { listeners: [{ address: '127.0.0.1:80', handlers: [] }] },
    "listeners[0].address must be an object with host and port, or path; got '127.0.0.1:80'.",
  ],
  [
    { listeners: [{ address: { port: 80 }, handlers: [] }] },
    'listeners[0].address.host must be an address or a host name; got nothing.',
  ],
  [
    { listeners: [{ address: { ...address, port: '80' }, handlers: [] }] },
    "listeners[0].address.port must be a port from 0 to 65535; got '80'.",
  ],
  [
    { listeners: [listening(80), listening(81), listening(80)] },
    "listeners[2].address must be another than that of listeners[0]; got '127.0.0.1:80'.",
  ],
  [
    { listeners: [], origins: [{ name: 'a' }] },
    'origins[0].servers must be a list of servers where there is no discovery; got nothing.',
  ],
  [{ listeners: [{ address }] }, 'listeners[0].handlers must be a list of classes; got nothing.'],
  [
    { listeners: [{ address, handlers: [HttpServerCodec, undefined] }] },
    'handlers of 127.0.0.1:0: entry 2 is undefined. Look for modules that import each other',
  ],
  [{ listeners: [], origins: { a: [] } }, 'origins must be a list of { name, servers }; got { a: [] }.'],
  [
    { listeners: [], filters: HttpServerCodec },
    'filters must be a list of classes; got [class HttpServerCodec',
  ],
  [{ listeners: [], modules: {} }, 'modules must be a list of ContainerModules; got {}.'],
  [{ listeners: [], modules: [() => {}] }, 'modules[0] must be a ContainerModule; got [Function'],
  [
    { listeners: [{ address, handlers: [], modules: [{}] }] },
    'listeners[0].modules[0] must be a ContainerModule; got {}.',
  ],
  [
    { listeners: [], origins: [{ name: 'a', servers: ['127.0.0.1:1'] }] },
    'origins[0].servers[0] must be an object with host and port, or path; got "127.0.0.1:1".',
  ],
])('refuses what the compiler would have refused: %j', (declaration, message) => {
  expect(() => new Gateway(declaration as GatewayDeclaration)).toThrow(message);
});

function listening(port: number): object {
  return { address: { ...address, port }, handlers: [] };
}
