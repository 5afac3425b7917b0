import { silentLogger } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type { DnsResolver } from '@sluice/discovery';
import { expect, it, onTestFinished } from 'vitest';
import { OriginManager } from '../src/index.ts';
import type { OriginConfig } from '../src/index.ts';
import { embeddedConnector } from './support.ts';

const NAMES = [{ host: 'api.test', port: 80 }];

it.each<[string, Partial<OriginConfig>, readonly string[]]>([
  ['has the servers that were found last', {}, ['10.0.0.1:80']],
  [
    'has none when they are to be found elsewhere',
    { discovery: { type: 'dns', names: [{ host: 'other.test', port: 80 }] } },
    [],
  ],
])('an origin that is made anew while its discovery fails %s', async (_what, config, servers) => {
  const dns = new FailingDns();
  const before = await managerOf({}, dns);
  dns.fails = true;
  const after = await managerOf({ options: { maxRequests: 7 }, ...config }, dns, before);

  expect(namesOf(before)).toEqual(['10.0.0.1:80']);
  expect(namesOf(after)).toEqual(servers);
  expect(after.getOrigin('api')).not.toBe(before.getOrigin('api'));
});

it('names the origin when it says that its servers could not be looked up', async () => {
  const dns = new FailingDns();
  dns.fails = true;
  const seen: object[] = [];
  await managerOf({}, dns, undefined, { ...silentLogger, warn: (fields) => void seen.push(fields) });

  expect(seen).toEqual([expect.objectContaining({ origin: 'api', host: 'api.test' })]);
});

/** Knows one address of every name, while it does not fail. */
class FailingDns implements DnsResolver {
  fails = false;

  async resolve4(): Promise<readonly { readonly address: string; readonly ttl: number }[]> {
    if (this.fails) throw Object.assign(new Error('no answer'), { code: 'ESERVFAIL' });
    return [{ address: '10.0.0.1', ttl: 60 }];
  }

  async resolve6(): Promise<[]> {
    return [];
  }

  async resolveSrv(): Promise<[]> {
    return [];
  }

  async lookup(): Promise<[]> {
    return [];
  }
}

async function managerOf(
  config: Partial<OriginConfig>,
  resolver: DnsResolver,
  previous?: OriginManager,
  logger: Logger = silentLogger,
): Promise<OriginManager> {
  const connector = embeddedConnector();
  const manager = new OriginManager(
    [{ name: 'api', discovery: { type: 'dns', names: NAMES }, ...config }],
    connector,
    connector.loop,
    { logger, resolver },
    previous,
  );
  onTestFinished(() => manager.close());
  await manager.start();
  return manager;
}

function namesOf(manager: OriginManager): readonly string[] {
  return manager.getOrigin('api')?.servers.map(({ name }) => name) ?? [];
}
