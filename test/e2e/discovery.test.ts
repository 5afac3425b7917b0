import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml } from '@sluice/config';
import type { DnsResolver } from '@sluice/discovery';
import type { OriginConfig, OriginServices } from '@sluice/origin';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { OriginWatch } from './support/origin-watch.ts';
import { startGatewayWith, startHttpOrigin } from './support/start-gateway.ts';

describe('the servers of an origin', () => {
  it('are those that DNS tells, and others when it tells others', async () => {
    const [one, two] = [await serverNamed('one'), await serverNamed('two')];
    const dns = new ChangingDns('127.0.0.1');
    const names = [
      { host: 'one.test', port: one, priority: 0 },
      { host: 'two.test', port: two, priority: 1 },
    ];
    const { ask, watch } = await start({ discovery: { type: 'dns', names, jitterMs: 0 } }, { resolver: dns });
    expect(await ask()).toBe('one');

    dns.answers.delete('one.test');
    await watch.until(() => watch.names.length === 1);

    expect(await ask()).toBe('two');
  });

  it('stay while DNS is down', async () => {
    const port = await serverNamed('one');
    const dns = new ChangingDns('127.0.0.1');
    const names = [{ host: 'one.test', port }];
    const { ask, watch } = await start({ discovery: { type: 'dns', names, jitterMs: 0 } }, { resolver: dns });
    dns.isDown = true;
    await watch.until(() => watch.discoveries.includes('failure'));

    expect(await ask()).toBe('one');
  });

  it('are those of the records of a service', async () => {
    const port = await serverNamed('one');
    const dns = new ChangingDns('127.0.0.1');
    dns.records.push({ name: 'one.test', port, priority: 10, weight: 1 });
    const { ask } = await start(
      { discovery: { type: 'srv', service: '_http._tcp.api.test' } },
      { resolver: dns },
    );

    expect(await ask()).toBe('one');
  });

  it('are those of a file, and others when it is replaced; a broken one changes nothing', async () => {
    const [one, two] = [await serverNamed('one'), await serverNamed('two')];
    const path = join(tempFolder(), 'servers.yaml');
    replace(path, `servers: [{ host: 127.0.0.1, port: ${one} }]`);
    const { ask, watch } = await start({ discovery: { type: 'file', path, settleMs: 5, parse: parseYaml } });
    expect(await ask()).toBe('one');

    replace(path, 'servers: [{ host: 127.0.0.1, port: none }]');
    await watch.until(() => watch.discoveries.includes('failure'));
    expect(await ask()).toBe('one');

    replace(path, `servers: [{ host: 127.0.0.1, port: ${two} }]`);
    await watch.until(() => watch.names[0] === `127.0.0.1:${two}`);
    expect(await ask()).toBe('two');
  });

  it('may leave while they answer: the answer arrives whole', async () => {
    let onAsked: (response: ServerResponse) => void = () => {};
    const asked = new Promise<ServerResponse>((resolve) => (onAsked = resolve));
    const slow = await startHttpOrigin((_request, response) => {
      response.write('begun, ');
      onAsked(response);
    });
    const path = join(tempFolder(), 'servers.json');
    replace(path, JSON.stringify([{ host: '127.0.0.1', port: slow }]));
    const { ask, watch } = await start({ discovery: { type: 'file', path, settleMs: 5 } });
    const answer = ask();
    const response = await asked;
    replace(path, '[]');
    await watch.until(() => watch.names.length === 0);
    response.end('and finished');

    expect(await answer).toBe('begun, and finished');
  });
});

/** Names with one address each, as long as it is not down. */
class ChangingDns implements DnsResolver {
  readonly answers: Map<string, string>;
  readonly records: { name: string; port: number; priority: number; weight: number }[] = [];
  isDown = false;

  constructor(address: string) {
    this.answers = new Map([
      ['one.test', address],
      ['two.test', address],
    ]);
  }

  resolve4(name: string): Promise<{ address: string; ttl: number }[]> {
    const address = this.answers.get(name);
    if (this.isDown) return refused('ESERVFAIL');
    return address === undefined ? refused('ENODATA') : Promise.resolve([{ address, ttl: 0 }]);
  }

  resolve6(): Promise<{ address: string; ttl: number }[]> {
    return refused(this.isDown ? 'ESERVFAIL' : 'ENODATA');
  }

  resolveSrv(): Promise<typeof this.records> {
    return Promise.resolve(this.records);
  }

  lookup(): Promise<string[]> {
    return refused('ENOTFOUND');
  }
}

function refused<T>(code: string): Promise<T> {
  return Promise.reject(Object.assign(new Error(code), { code }));
}

async function start(config: Omit<OriginConfig, 'name'>, services: OriginServices = {}) {
  const watch = new OriginWatch();
  const { port } = await startGatewayWith({ name: 'origin', ...config }, { ...services, listener: watch });
  return { watch, ask: async () => (await ask(port)).body.toString() };
}

function serverNamed(name: string): Promise<number> {
  return startHttpOrigin((_request, response) => response.end(name));
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-servers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
