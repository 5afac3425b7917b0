import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { components } from '@sluice/cli/config';
import { ConfigError } from '@sluice/config';
import { Gateway } from '@sluice/gateway';
import { AccessLog, jsonFormat } from '@sluice/handler-access-log';
import { declarationFromConfig, loadGatewayConfig } from '@sluice/gateway/config';
import fc from 'fast-check';
import { ContainerModule } from 'inversify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fuzz, mutate, MUTATIONS } from './fuzz.ts';

const GOOD_TEXT = `listeners:
  - name: public
    address: 127.0.0.1:8080
    without: [logging]
    handlerOptions: { idle-state: { allIdleMs: 65000 } }
filters:
  - request-id
  - name: cors
    options: { allowedOrigins: [https://a.test] }
virtualHosts:
  - domains: [api.test, '*.api.test']
    routes:
      - path: { segmentPrefix: /v1 }
        methods: [GET, POST]
        rewrite: { prefix: / }
        upstream: { timeoutMs: 10000, retry: { retryOn: [5xx], numRetries: 2 } }
        origins: [{ origin: web, weight: 95 }, { origin: api, weight: 5 }]
routes:
  - { prefix: /old, redirect: { path: /new, status: 308 } }
  - { prefix: /, origin: web }
origins:
  - { name: web, servers: ['127.0.0.1:9000'] }
  - name: api
    servers: ['127.0.0.1:9001', { address: '127.0.0.1:9002', weight: 2 }]
    options: { connectTimeoutMs: 1000 }
accessLog: { destination: off, format: json }
admin: { address: 127.0.0.1:9901 }
`;

const VALUE = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    2 ** 53,
    '',
    '/',
    'web',
    '127.0.0.1:80',
    'unix:/a',
    'a:99999',
  ),
  fc.constantFrom(
    'idle-state',
    'cors',
    'http-server-codec',
    'GET',
    '5xx',
    '*',
    '*.a',
    'off',
    'json',
    '%REQ(',
    '${X}',
    '$',
  ),
  fc.string({ maxLength: 8 }),
);
const KEY = fc.oneof(
  fc.constantFrom(
    'listeners',
    'address',
    'name',
    'handlers',
    'handlerOptions',
    'without',
    'tls',
    'filters',
    'options',
  ),
  fc.constantFrom(
    'routes',
    'virtualHosts',
    'domains',
    'path',
    'prefix',
    'exact',
    'regex',
    'origin',
    'origins',
    'weight',
  ),
  fc.constantFrom(
    'servers',
    'discovery',
    'type',
    'upstream',
    'retry',
    'redirect',
    'response',
    'status',
    'methods',
  ),
  fc.constantFrom(
    'accessLog',
    'destination',
    'format',
    'admin',
    'include',
    '__proto__',
    'constructor',
    'toString',
    '',
  ),
);
const { tree: TREE } = fc.letrec<{ tree: unknown; node: unknown }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5, withCrossShrink: true }, VALUE, tie('node')),
  node: fc.oneof(fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(KEY, tie('tree'), { maxKeys: 5 })),
}));

/** The same as a tree. */
const GOOD = {
  listeners: [
    {
      name: 'public',
      address: '127.0.0.1:8080',
      without: ['logging'],
      handlerOptions: { 'idle-state': { allIdleMs: 65_000 } },
    },
  ],
  filters: ['request-id', { name: 'cors', options: { allowedOrigins: ['https://a.test'] } }],
  virtualHosts: [
    {
      domains: ['api.test', '*.api.test'],
      routes: [
        {
          path: { segmentPrefix: '/v1' },
          methods: ['GET', 'POST'],
          rewrite: { prefix: '/' },
          upstream: { timeoutMs: 10_000, retry: { retryOn: ['5xx'], numRetries: 2 } },
          origins: [
            { origin: 'web', weight: 95 },
            { origin: 'api', weight: 5 },
          ],
        },
      ],
    },
  ],
  routes: [
    { prefix: '/old', redirect: { path: '/new', status: 308 } },
    { prefix: '/', origin: 'web' },
  ],
  origins: [
    { name: 'web', servers: ['127.0.0.1:9000'] },
    {
      name: 'api',
      servers: ['127.0.0.1:9001', { address: '127.0.0.1:9002', weight: 2 }],
      options: { connectTimeoutMs: 1_000 },
    },
  ],
  accessLog: { destination: 'off', format: 'json' },
  admin: { address: '127.0.0.1:9901' },
};

/** The good configuration with some places of it, at any depth, replaced by any tree. */
const GRAFTS = fc.array(fc.record({ at: fc.array(fc.nat(20), { maxLength: 6 }), tree: TREE }), {
  minLength: 1,
  maxLength: 3,
});

describe('a configuration file', { timeout: 3_600_000 }, () => {
  it('of any tree is a gateway or says where it is wrong', async () => {
    const file = new TempFile();
    await fuzz(TREE, async (tree) => void (await file.holds(JSON.stringify(tree))), 50);
  });

  it('whose good tree has any others grafted on it is a gateway or says where it is wrong', async () => {
    const file = new TempFile();
    expect(await file.holds(JSON.stringify(GOOD))).toBe(true);
    let gateways = 0;
    await fuzz(
      GRAFTS,
      async (grafts) => {
        const tree = grafts.reduce((before, { at, tree }) => grafted(before, at, tree), GOOD as unknown);
        if (await file.holds(JSON.stringify(tree))) gateways++;
      },
      50,
    );

    expect(gateways).toBeGreaterThan(3);
  });

  it('that was damaged is a gateway or says where it is wrong', async () => {
    const file = new TempFile();
    expect(await file.holds(GOOD_TEXT)).toBe(true);
    await fuzz(MUTATIONS, async (mutations) => void (await file.holds(mutate(GOOD_TEXT, mutations))), 50);
  });
});

// What a program gives to every gateway.
const ACCESS_LOG = new ContainerModule(({ bind }) => {
  bind(AccessLog).toConstantValue(new AccessLog(jsonFormat(), { write: () => {} }));
});

class TempFile {
  readonly #path: string;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    this.#path = join(folder, 'gateway.yaml');
  }

  /** Loads a text. Returns whether it makes a gateway; each error has a place. */
  async holds(text: string): Promise<boolean> {
    writeFileSync(this.#path, text);
    try {
      const { config, registry } = await loadGatewayConfig(this.#path, components, { env: {} });
      const declaration = declarationFromConfig(config.value, registry);
      void new Gateway({ ...declaration, modules: [ACCESS_LOG, ...(declaration.modules ?? [])] });
      return true;
    } catch (cause) {
      expect(cause, text).toBeInstanceOf(ConfigError);
      const { findings } = cause as ConfigError;
      expect(findings).not.toEqual([]);
      for (const { position, message } of findings) {
        expect(position.line).toBeGreaterThan(0);
        expect(position.column).toBeGreaterThan(0);
        expect(message).not.toBe('');
      }
      return false;
    }
  }
}

/** The tree with another one at the end of a way, whose steps choose among what is there. */
function grafted(tree: unknown, [step, ...rest]: readonly number[], graft: unknown): unknown {
  if (step === undefined || typeof tree !== 'object' || tree === null) return graft;
  const entries = Object.entries(tree);
  const [key] = entries[step % Math.max(1, entries.length)] ?? [];
  if (key === undefined) return graft;
  const inner = grafted((tree as Record<string, unknown>)[key], rest, graft);
  if (Array.isArray(tree)) return tree.with(Number(key), inner);
  return Object.fromEntries(entries.map(([name, value]) => [name, name === key ? inner : value]));
}
