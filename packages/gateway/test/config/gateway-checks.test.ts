import { expect, it } from 'vitest';
import { findingsOf } from './support.ts';

const LISTENERS = 'listeners: [{ address: 127.0.0.1:0 }]\n';
const ORIGIN = 'origins: [{ name: web, servers: ["a:1"] }]\nroutes: [{ origin: web }]\n';

it('finds nothing in a gateway that is good', async () => {
  expect(await findingsOf(LISTENERS + ORIGIN)).toEqual([]);
});

it.each([
  [
    `${LISTENERS}origins: [{ name: web, servers: [a:1] }]\nroutes: [{ origin: wob }]`,
    [
      '2:19 origins[0].name: warning: found the origin "web", which nothing uses. [used-origins]',
      '3:20 routes[0].origin: found the origin "wob", which is not declared. Did you mean "web"? [known-origins]',
    ],
  ],
  [
    `${LISTENERS}routes: [{ origin: web }]`,
    ['2:20 routes[0].origin: found the origin "web", which is not declared. There is none. [known-origins]'],
  ],
  [`${LISTENERS}${ORIGIN}include: []`, []],
  [
    `${LISTENERS}origins:\n  - { name: web, servers: [a:1] }\n  - { name: web, servers: [b:1] }\nroutes: [{ origin: web }]`,
    ['4:13 origins[1].name: found a second origin "web"; the first is origins[0].name. [unique-names]'],
  ],
  [
    `listeners: [{ name: x, address: a:1 }, { name: x, address: b:1 }]\n${ORIGIN}`,
    ['1:48 listeners[1].name: found a second listener "x"; the first is listeners[0].name. [unique-names]'],
  ],
  [
    `listeners: [{ address: 127.0.0.1:80 }, { address: 0.0.0.0:80 }, { address: '[::1]:81' }]\nadmin: { address: '[::1]:81' }\n${ORIGIN}`,
    [
      '1:51 listeners[1].address: found 0.0.0.0:80, which listeners[0].address listens on as 127.0.0.1:80. [address-conflicts]',
      '2:19 admin.address: found [::1]:81, which listeners[2].address listens on as [::1]:81. [address-conflicts]',
    ],
  ],
  [
    `${LISTENERS}${ORIGIN}admin: { address: '10.0.0.1:81', tokenFile: /nowhere/token }`,
    [
      '4:19 admin.address: found 10.0.0.1:81, where other machines see all that it shows. Take 127.0.0.1, or say allowRemote: true. [admin-rules]',
      "4:45 admin.tokenFile: The admin token can't be read: ENOENT: no such file or directory, open '/nowhere/token' [admin-rules]",
    ],
  ],
  [`${LISTENERS}${ORIGIN}admin: { address: '10.0.0.1:81', allowRemote: true }`, []],
  [
    `listeners: [{ address: unix:/a }, { address: unix:/b }, { address: 'a:0' }, { address: 'a:0' }]\n${ORIGIN}`,
    [],
  ],
  [
    `${LISTENERS}${ORIGIN}  `.replace('{ origin: web }', '{ origin: web }, { origin: web, prefix: / }'),
    [
      '3:27 routes[1]: warning: found a route that is never taken: routes[0] matches all that it does. [reachable-routes]',
    ],
  ],
  [
    `${LISTENERS}origins: [{ name: web, servers: ['a:1'] }]\nvirtualHosts:\n  - { domains: [a], filters: { corz: true }, routes: [{ origins: [{ origin: web, weight: 1 }, { origin: wob, weight: 1 }] }] }`,
    [
      '4:32 virtualHosts[0].filters.corz: found the filter "corz", which is not declared. There is none. [known-filters]',
      '4:105 virtualHosts[0].routes[0].origins[1].origin: found the origin "wob", which is not declared. Did you mean "web"? [known-origins]',
    ],
  ],
  [
    `${LISTENERS}${ORIGIN}virtualHosts:\n  - { domains: [a], routes: [] }\n  - { domains: [b, a], routes: [{ name: x, response: { status: 404 } }, { name: x, prefix: /y, response: { status: 404 } }] }`,
    [
      '5:3 virtualHosts: expected each domain once, found "a" in "a" and in "b". [distinct-routes]',
      '6:81 virtualHosts[1].routes[1].name: expected a name of its own, found that of virtualHosts[1].routes[0], "x". [distinct-routes]',
    ],
  ],
  [
    `${LISTENERS}virtualHosts: [{ domains: [a], routes: [{ prefix: /x, response: { status: 404 } }, { path: { exact: /x/y }, response: { status: 200 } }] }]`,
    [
      '2:84 virtualHosts[0].routes[1]: warning: found a route that is never taken: virtualHosts[0].routes[0] matches all that it does. [reachable-routes]',
    ],
  ],
  [
    `${LISTENERS}routes: [{ path: { exact: /a/../b }, response: { status: 200 } }]`,
    [
      '2:10 routes[0]: expected a path that servers read in one way, or ambiguousPaths: keep, found "/a/../b", which may be "/b". [distinct-routes]',
    ],
  ],
  [`${LISTENERS}ambiguousPaths: keep\nroutes: [{ path: { exact: /a/../b }, response: { status: 200 } }]`, []],
  [
    `${LISTENERS}origins: [{ name: web, servers: ['a:1'] }]\nroutes: [{ origin: web, connect: true }]`,
    [
      '3:34 routes[0].connect: warning: found true, but no listener takes CONNECT; expected `allowConnect: true` in the `handlerOptions` of http-server-codec of one. [connect-routes]',
    ],
  ],
  [
    `listeners: [{ address: '127.0.0.1:1', handlerOptions: { http-server-codec: { allowConnect: true } } }]\norigins: [{ name: web, servers: ['a:1'] }]\nroutes: [{ origin: web, connect: true }]`,
    [],
  ],
  [
    `${LISTENERS}origins: [{ name: web, servers: ['a:1'] }]\nroutes: [{ prefix: /a, origin: web, upstream: { idleTimeoutMs: 90000 } }, { origin: web, upstream: { idleTimeoutMs: 90000, timeoutMs: 9000 } }]`,
    [
      '3:64 routes[0].upstream.idleTimeoutMs: warning: found 90000 ms for routes[0], but listeners[0] closes a connection that is idle for 65000 ms (idle-state.allIdleMs); expected it below. [idle-above-response-timeout]',
    ],
  ],
  [
    `${LISTENERS}routes: [{ prefix: /a, path: { regx: b }, origin: web, origins: [] }, { path: { template: '/{a' }, respose: { status: 1 } }]`,
    [
      '2:10 routes[0]: expected exactly one of origin, origins, redirect, response, but there is origin and origins.',
      '2:10 routes[0]: expected prefix or path, not both.',
      '2:32 routes[0].path.regx: found an unknown key, expected one of "exact", "prefix", "segmentPrefix", "template", "regex", "ignoreCase". Did you mean "regex"?',
      '2:65 routes[0].origins: found an empty list, expected at least one origin with a weight above 0.',
      '2:91 routes[1].path.template: found "/{a", expected a whole segment or {name} or {name=**} in place of "{a".',
      '2:100 routes[1].respose: found an unknown key, expected one of 18 names. Did you mean "response"?',
    ],
  ],
  [
    `listeners: [{ address: 'a:1', handlers: [client-request-receiver, http-server-codec] }]\n${ORIGIN}`,
    [
      expect.stringMatching(
        /^1:41 listeners\[0\]\.handlers: found a list that can't work: client-request-receiver must come after http-server-codec\. Move http-server-codec up\. \[handler-order\]$/,
      ),
    ],
  ],
  [
    `listeners: [{ address: 'a:1', without: [http-server-codec] }]\n${ORIGIN}`,
    [
      expect.stringMatching(
        /^1:40 listeners\[0\]\.without: found a list that can't work: .* needs http-server-codec before it/,
      ),
    ],
  ],
  [
    `listeners: [{ address: 'a:1', without: [logging], handlerOptions: { logging: { level: info } } }]\n${ORIGIN}`,
    [
      '1:69 listeners[0].handlerOptions.logging: warning: found options of "logging", which the list does not have. [used-options]',
    ],
  ],
  [
    `listeners: [{ address: 'a:1', handlerOptions: { idle-state: { allIdleMs: 20000 } } }]\n${ORIGIN}`,
    [
      '2:11 origins[0].options.responseTimeoutMs: warning: found 30000 ms for "web", but listeners[0] closes a connection that is idle for 20000 ms (idle-state.allIdleMs); expected it below. [idle-above-response-timeout]',
    ],
  ],
  [
    `listeners: [{ address: 'a:1', handlerOptions: { idle-state: { allIdleMs: 0, readerIdleMs: 0 } } }]\n${ORIGIN}`,
    [
      '1:74 listeners[0].handlerOptions.idle-state.allIdleMs: warning: found 0, which is no limit at all; the default is 65000 ms. [zero-means-forever]',
    ],
  ],
  [
    `${LISTENERS}origins: [{ name: web, servers: ['a:1'], keepAliveHintMs: 5000 }]\nroutes: [{ origin: web }]`,
    [
      '2:11 origins[0].options.idleTimeoutMs: warning: found 30000 ms, but the origin gives an unused connection up after 5000 ms (keepAliveHintMs); expected it below. [pool-idle-below-keep-alive]',
    ],
  ],
  [
    `${LISTENERS}origins:
  - name: web
    servers: [a:1, { address: 'b:2', weight: 0, priority: 1.5 }]
    loadBalancer: ring-hsh
    healthCheck: { intervalMs: 0, expectedStatuses: [200, [299, 200]] }
    outlierDetection: { consecutive5x: 3 }
    hashPolicy: [{ type: header, nam: x }, { type: heade }]
    options: { maxConnections: 0.5 }
  - { name: none }
  - { name: dns, discovery: { type: dns, names: [{ host: a }], minRefreshMs: 0 } }`,
    [
      '4:46 origins[0].servers[1].weight: found 0, expected a number of more than 0.',
      '4:59 origins[0].servers[1].priority: found 1.5, expected a whole number.',
      '5:19 origins[0].loadBalancer: found "ring-hsh", expected one of "round-robin", "least-request", "random", "ring-hash", "maglev". Did you mean "ring-hash"?',
      '6:32 origins[0].healthCheck.intervalMs: found 0, expected a number of at least 1.',
      '6:59 origins[0].healthCheck.expectedStatuses[1]: found a list, expected the lower status of a range before the higher one.',
      '7:25 origins[0].outlierDetection.consecutive5x: found an unknown key, expected one of 22 names. Did you mean "consecutive5xx"?',
      '8:34 origins[0].hashPolicy[0].nam: found an unknown key, expected one of "type", "name", "isTerminal". Did you mean "name"?',
      '8:52 origins[0].hashPolicy[1].type: found "heade", expected one of "header", "cookie", "source-address", "query". Did you mean "header"?',
      '9:32 origins[0].options.maxConnections: found 0.5, expected a whole number.',
      '10:5 origins[1].servers: missing, expected at least one server, or a discovery.',
      '11:50 origins[2].discovery.names[0].port: missing, expected a whole number.',
      '11:78 origins[2].discovery.minRefreshMs: found 0, expected a number of at least 1.',
    ],
  ],
  [
    `listeners: [{ address: 'a:1', tls: { certificates: [{ certFile: /nowhere, keyFile: /nowhere }] } }]
origins: [{ name: web, servers: ['a:1'], loadBalancer: { policy: maglev, maglevTableSize: 8 }, tls: { ca: [/nowhere] }, hashPolicy: [{ type: source-address }] }]
routes: [{ origin: web }]`,
    [
      '1:36 listeners[0].tls: The certificate file "/nowhere" can\'t be read: there is no such file. Name a PEM file. [tls-files]',
      '2:91 origins[0].loadBalancer.maglevTableSize: must be a prime; got 8. [origin-rules]',
      '2:101 origins[0].tls: The CA file "/nowhere" can\'t be read: there is no such file. Name a PEM file. [tls-files]',
    ],
  ],
  [
    `${LISTENERS}${ORIGIN}accessLog: { format: '%NO_SUCH%' }`,
    [expect.stringMatching(/^4:22 accessLog\.format: .*NO_SUCH.* \[access-log-format\]$/)],
  ],
  [
    `listeners: [{ address: '127.0.0.1', proxyProtocolFrom: [10.0.0.0/33], handlers: [idle-stat, 5] }]\nfilters: [corz]`,
    [
      '1:24 listeners[0].address: found "127.0.0.1", expected HOST:PORT, [IPV6]:PORT or unix:/path, like 127.0.0.1:8080.',
      '1:57 listeners[0].proxyProtocolFrom[0]: found "10.0.0.0/33", expected an IP address, a network such as 10.0.0.0/8, or unix.',
      '1:82 listeners[0].handlers[0]: found "idle-stat", expected one of 40 names. Did you mean "idle-state"?',
      expect.stringMatching(
        /^1:93 listeners\[0\]\.handlers\[1\]: found 5, expected one of "idle-state", .* or a map\.$/,
      ),
      expect.stringMatching(/^2:11 filters\[0\]: found "corz", expected one of .*\. Did you mean "cors"\?$/),
    ],
  ],
  [
    `listeners: [{ address: '127.0.0.999:80' }]\norigins: [{ name: web, servers: ['127.0.0.1:0', 'a.1:80', { address: '[::1]:0' }, '1a.example:1'] }]\nadmin: { address: '127.0.0.1:0', hosts: ['a b', gateway.internal, 'a:80'] }`,
    [
      '1:24 listeners[0].address: found "127.0.0.999:80", expected HOST:PORT, [IPV6]:PORT or unix:/path, like 127.0.0.1:8080.',
      '2:34 origins[0].servers[0]: found "127.0.0.1:0", expected a port from 1 on, since nobody can connect to port 0.',
      '2:49 origins[0].servers[1]: found "a.1:80", expected HOST:PORT, [IPV6]:PORT or unix:/path, like 127.0.0.1:8080.',
      '2:70 origins[0].servers[2].address: found "[::1]:0", expected a port from 1 on, since nobody can connect to port 0.',
      '3:42 admin.hosts[0]: found "a b", expected a host name without a port.',
      '3:67 admin.hosts[2]: found "a:80", expected a host name without a port.',
    ],
  ],
  [
    `listeners: [{ address: 'unix:/${'x'.repeat(106)}' }, { address: 'unix:/${'x'.repeat(107)}' }]`,
    [
      expect.stringMatching(
        /^1:\d+ listeners\[1\]\.address: found ".*", expected a path of at most 10[37] bytes behind unix:\.$/,
      ),
    ],
  ],
  [
    `listeners: [{ address: 'a:1', handlers: [{ name: idle-state, options: { alIdleMs: 1 } }] }]`,
    [
      '1:73 listeners[0].handlers[0].options.alIdleMs: found an unknown key, expected one of "readerIdleMs", "writerIdleMs", "allIdleMs", "observeOutput". Did you mean "allIdleMs"?',
    ],
  ],
  [
    `listeners: [{ address: 'a:1', handlerOptions: { idle-state: { allIdleMs: -5 } } }]\noriginConnections: { handlerOptions: { http-client-codec: { maxHeadBytes: -1 } } }\n${ORIGIN}`,
    [
      '1:74 listeners[0].handlerOptions.idle-state.allIdleMs: found -5, expected a number of at least 0.',
      expect.stringMatching(/^2:75 .*maxHeadBytes: found -1, expected a number of at least /),
    ],
  ],
  [
    `${LISTENERS}${ORIGIN}filters: [{ name: basic-auth, options: { usersFile: /nowhere/users } }]`,
    [
      "4:53 filters[0].options.usersFile: basic-auth: /nowhere/users can't be read: there is no such file; expected a file with a line name:hash for each user. [filter-rules]",
    ],
  ],
  [
    `${LISTENERS}${ORIGIN}filters: [request-id, basic-auth]`,
    ['4:23 filters[1]: basic-auth: there is no user; name some in users or usersFile. [filter-rules]'],
  ],
  [
    `${LISTENERS}${ORIGIN}accessLog: { destination: /nowhere/logs/access.log }`,
    [
      '4:27 accessLog.destination: warning: found "/nowhere/logs/access.log", but there is no folder /nowhere/logs; expected a file in a folder that there is. [access-log-place]',
    ],
  ],
  [
    `${LISTENERS}${ORIGIN}accessLog: { destination: / }`,
    [
      '4:27 accessLog.destination: warning: found "/", which is a folder; expected a file in a folder that there is. [access-log-place]',
    ],
  ],
])('finds in %j what is wrong', async (text, expected) => {
  expect(await findingsOf(text)).toEqual(expected);
});
