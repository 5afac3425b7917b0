import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { OriginConfig } from '@sluice/origin';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from './support/http-client.ts';
import { OriginWatch } from './support/origin-watch.ts';
import { startGatewayWith } from './support/start-gateway.ts';

describe('health checks', () => {
  it('keep requests from a server that falls ill, until it is well again', async () => {
    const [good, bad] = [await TestServer.listen('good'), await TestServer.listen('bad')];
    const { answers, watch } = await start([good, bad], {
      healthCheck: { path: '/health', intervalMs: 5, healthyThreshold: 1 },
    });
    expect(await answers(4)).toEqual(['bad', 'bad', 'good', 'good']);

    bad.isIll = true;
    await watch.until(() => watch.health.at(-1) === `${bad.name} ill`);
    expect(await answers(4)).toEqual(['good', 'good', 'good', 'good']);

    bad.isIll = false;
    await watch.until(() => watch.health.at(-1) === `${bad.name} well`);
    expect(await answers(4)).toEqual(['bad', 'bad', 'good', 'good']);
  });

  it('have all been made once when the gateway listens', async () => {
    const [good, bad] = [await TestServer.listen('good'), await TestServer.listen('bad')];
    bad.isIll = true;
    const { answers } = await start([good, bad], { healthCheck: { path: '/health' } });

    expect(await answers(4)).toEqual(['good', 'good', 'good', 'good']);
  });

  it('over TCP notice that nobody listens any more, and that somebody does again', async () => {
    const [good, bad] = [await TestServer.listen('good'), await TestServer.listen('bad')];
    const { answers, watch } = await start([good, bad], {
      healthCheck: { type: 'tcp', intervalMs: 5, unhealthyThreshold: 2 },
    });
    await bad.close();
    await watch.until(() => watch.health.at(-1) === `${bad.name} ill`);
    expect(await answers(4)).toEqual(['good', 'good', 'good', 'good']);

    await bad.listen();
    await watch.until(() => watch.health.at(-1) === `${bad.name} well`);

    expect(await answers(4)).toEqual(['bad', 'bad', 'good', 'good']);
  });
});

describe('outlier detection', () => {
  it('ejects a server that fails requests, and gives it another chance later', async () => {
    const [good, bad] = [await TestServer.listen('good'), await TestServer.listen('bad')];
    const { answers, watch } = await start([good, bad], {
      outlierDetection: { consecutive5xx: 3, intervalMs: 20, baseEjectionTimeMs: 20 },
    });
    bad.isIll = true;
    await answers(6);
    expect(watch.outliers).toEqual([`${bad.name} consecutive_5xx ejected`]);

    bad.isIll = false;
    await watch.until(() => watch.health.at(-1) === `${bad.name} well`);

    expect(await answers(4)).toEqual(['bad', 'bad', 'good', 'good']);
  });

  it('sends nobody to a server that is ejected', async () => {
    const servers = [await TestServer.listen('good'), await TestServer.listen('bad')] as const;
    const [, bad] = servers;
    const { answers, statuses } = await start([...servers], {
      outlierDetection: { consecutive5xx: 3 },
      loadBalancer: 'round-robin',
    });
    await bad.close();
    await answers(6);

    expect(await statuses(20)).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it('uses all servers in a panic', async () => {
    const servers = [
      await TestServer.listen('a'),
      await TestServer.listen('b'),
      await TestServer.listen('c'),
    ];
    for (const server of servers) server.isIll = true;
    const { answers, watch } = await start(servers, {
      outlierDetection: { consecutive5xx: 1, maxEjectionPercent: 100 },
    });
    while (watch.outliers.length < 3) await answers(1);

    expect(await answers(3)).toEqual(['a', 'b', 'c']);
  });
});

/** A server that says its name, with 200 or, when it is ill, 503. */
class TestServer {
  readonly label: string;
  isIll = false;
  #server: Server | undefined = undefined;
  #port = 0;

  private constructor(label: string) {
    this.label = label;
    onTestFinished(() => this.close());
  }

  static async listen(label: string): Promise<TestServer> {
    const server = new TestServer(label);
    await server.listen();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** As the origin calls it. */
  get name(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    const server = createServer((_request, response) => {
      response.statusCode = this.isIll ? 503 : 200;
      response.end(this.label);
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}

async function start(servers: readonly TestServer[], config: Partial<OriginConfig>) {
  const watch = new OriginWatch();
  const addresses = servers.map(({ port }) => ({ host: '127.0.0.1', port }));
  const { port } = await startGatewayWith(
    { name: 'origin', servers: addresses, ...config },
    { listener: watch },
  );
  const all = async (count: number) => {
    const answers = [];
    for (let request = 0; request < count; request++) answers.push(await ask(port));
    return answers;
  };
  /** The bodies of so many answers, in the order of the alphabet. */
  const answers = async (count: number) => (await all(count)).map(({ body }) => body.toString()).toSorted();
  const statuses = async (count: number) => (await all(count)).map(({ status }) => status);
  return { watch, answers, statuses };
}
